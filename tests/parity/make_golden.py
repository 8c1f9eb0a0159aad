"""Writes golden/*.safetensors: what transformers and peft say of small models of each family.

Run by golden.sh in the environment of requirements.txt. No weight is stored: element i of tensor
NAME is drawn by `drawn` below, and golden_test.cpp draws the same numbers. A file holds
  tokens [T], short [S]      two sequences (int32)
  logits [T, V]              of `tokens` in float32
  left, right [S, V]         of `short` in float32, padded to T before and behind it
  many [M], late [8, V]      a long sequence, and the logits of its last tokens in float32
  positions [P], cosine, sine [P, D / 2]   of the rotary embedding, in float32
  bfloat16 [T, V]            of `tokens` in bfloat16, as float32
  grad.MODULE.lora_A, .B     of the mean of -log p(tokens[t]), t >= 1, in float64
and in its metadata the config.json that transformers writes. encoders/*.safetensors hold
  tokens [T], short [S]      two texts (int32)
  hidden [T, H], hidden_short [S, H]   last hidden states; the short text padded to T behind it
and where the encoder has two token types
  types [T]                  of `tokens` as a pair: 1 from the 14th token on (int32)
  hidden_pair [T, H]         last hidden states with these
"""
import json
import sys
import tempfile
from pathlib import Path

import numpy as np
import peft
import torch
import transformers
from safetensors.torch import save_file

RANK, ALPHA = 2, 6
MODULES = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]
SMALL = dict(vocab_size=96, hidden_size=32, intermediate_size=48, num_hidden_layers=4,
             num_attention_heads=4, num_key_value_heads=2, max_position_embeddings=2048,
             attn_implementation="eager")
LLAMA3_ROPE = dict(rope_type="llama3", rope_theta=500000.0, factor=8.0, low_freq_factor=1.0,
                   high_freq_factor=4.0, original_max_position_embeddings=32)


def families():
    t = transformers
    yield "qwen2", t.Qwen2Config(tie_word_embeddings=True, **SMALL)
    yield "qwen2_window", t.Qwen2Config(tie_word_embeddings=False, use_sliding_window=True,
                                        sliding_window=8, max_window_layers=2, **SMALL)
    yield "qwen3", t.Qwen3Config(head_dim=16, **SMALL)
    yield "llama2", t.LlamaConfig(tie_word_embeddings=False, attention_bias=True, mlp_bias=True,
                                  **SMALL)
    yield "llama3", t.LlamaConfig(tie_word_embeddings=True, rope_parameters=LLAMA3_ROPE, **SMALL)
    yield "mistral", t.MistralConfig(sliding_window=8, **SMALL)
    yield "gemma2", t.Gemma2Config(head_dim=16, sliding_window=8, query_pre_attn_scalar=24, **SMALL)


def encoders():
    small = dict(vocab_size=96, hidden_size=32, intermediate_size=48, num_hidden_layers=3,
                 num_attention_heads=4, max_position_embeddings=64, attn_implementation="eager")
    yield "bert", transformers.BertConfig(pad_token_id=0, **small)
    yield "roberta", transformers.RobertaConfig(pad_token_id=1, type_vocab_size=1, **small)


def drawn(name, shape):
    """24 bits of splitmix64 of FNV-1a of the name plus i, in [-1/2, 1/2)."""
    state = 0xCBF29CE484222325
    for byte in name.encode():
        state = (state ^ byte) * 0x100000001B3 % 2**64
    with np.errstate(over="ignore"):
        z = np.uint64(state) + np.arange(int(np.prod(shape)), dtype=np.uint64)
        z = z + np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z = z ^ (z >> np.uint64(31))
    return ((z >> np.uint64(40)).astype(np.float64) / 2**24 - 0.5).reshape(shape)


def weight(name, shape, gemma):
    """Every weight loud enough that a wrong term would show."""
    values = drawn(name, shape)
    if name.lower().endswith("norm.weight"):
        return 0.5 * values + (0 if gemma else 1)
    if "embed" in name or "lm_head" in name:
        return 2 * values
    return 0.8 * values


def fill(model, gemma):
    with torch.no_grad():
        for name, tensor in model.named_parameters():
            if "lora_" not in name:
                tensor.copy_(torch.from_numpy(weight(name, tuple(tensor.shape), gemma)).float())


def tokens(name, count, vocabulary):
    return torch.from_numpy(((drawn(name, (count,)) + 0.5) * vocabulary).astype(np.int64))


def logits(model, ids, padding=None):
    """[T, V]; padding: (side, length)."""
    mask = torch.ones_like(ids)
    if padding:
        side, length = padding
        empty = torch.zeros(length - len(ids), dtype=ids.dtype)
        ids, mask = [torch.cat((empty, x) if side == "left" else (x, empty)) for x in (ids, mask)]
    positions = (mask.cumsum(0) - 1).clamp(min=0)
    with torch.no_grad():
        out = model(input_ids=ids[None], attention_mask=mask[None], position_ids=positions[None])
    return out.logits[0][mask.bool()].float()


# transformers turns heads, norms rows and takes softmaxes in float32 even where the model is in
# float64. A gradient to 1e-9 needs the same formulas in float64.


class Float64Norm(torch.nn.Module):
    def __init__(self, norm, gemma):
        super().__init__()
        self.weight, self.gemma = norm.weight, gemma
        self.eps = norm.eps if gemma else norm.variance_epsilon

    def forward(self, x):
        weight = 1 + self.weight if self.gemma else self.weight
        return x * torch.rsqrt(x.square().mean(-1, keepdim=True) + self.eps) * weight


class Float64Rotary(torch.nn.Module):

    def __init__(self, config, inv_freq):
        super().__init__()
        rope = config.rope_parameters
        size = config.head_dim if getattr(config, "head_dim", None) else 2 * len(inv_freq)
        exponents = torch.arange(0, size, 2, dtype=torch.float64) / size
        frequencies = rope["rope_theta"] ** -exponents
        if rope["rope_type"] == "llama3":
            waves = 2 * torch.pi / frequencies
            old = rope["original_max_position_embeddings"]
            low, high = rope["low_freq_factor"], rope["high_freq_factor"]
            mix = ((old / waves - low) / (high - low)).clamp(0, 1)
            frequencies = mix * frequencies + (1 - mix) * frequencies / rope["factor"]
        assert torch.allclose(frequencies, inv_freq.double(), rtol=1e-6), "another rotary formula"
        self.frequencies = frequencies

    def forward(self, x, position_ids):
        angles = position_ids[..., None].double() * self.frequencies
        angles = torch.cat((angles, angles), -1)
        return angles.cos().to(x.dtype), angles.sin().to(x.dtype)


def in_float64(model, gemma):
    model = model.double()
    model.model.rotary_emb = Float64Rotary(model.config, model.model.rotary_emb.inv_freq)
    if gemma:
        root = torch.tensor(model.config.hidden_size, dtype=torch.float64).sqrt()
        model.model.embed_tokens.embed_scale = root
    for parent in list(model.modules()):
        for name, child in list(parent.named_children()):
            if type(child).__name__.endswith("RMSNorm"):
                setattr(parent, name, Float64Norm(child, gemma))
    softmax = torch.nn.functional.softmax
    torch.nn.functional.softmax = lambda x, dim, dtype=None: softmax(x, dim=dim)
    return model, softmax


def gradients(model, ids, gemma):
    model, softmax = in_float64(model, gemma)
    adapted = peft.get_peft_model(model, peft.LoraConfig(
        r=RANK, lora_alpha=ALPHA, target_modules=MODULES, task_type="CAUSAL_LM"))
    adapted = adapted.double()
    adapter = {n: p for n, p in adapted.named_parameters() if "lora_" in n}
    short = {n: n.removeprefix("base_model.model.").replace(".default", "") for n in adapter}
    with torch.no_grad():
        for name, tensor in adapter.items():
            tensor.copy_(torch.from_numpy(drawn(short[name], tuple(tensor.shape))).float().double())
    logp = adapted(input_ids=ids[None]).logits[0, :-1].log_softmax(-1)
    (-logp.gather(1, ids[1:, None]).mean()).backward()
    torch.nn.functional.softmax = softmax
    return {f"grad.{short[n]}": p.grad.clone() for n, p in adapter.items()}


def angles(model, positions):
    cosine, sine = model.model.rotary_emb(torch.zeros(1), positions[None])
    half = cosine.shape[-1] // 2
    return {"positions": positions.int(), "cosine": cosine[0, :, :half], "sine": sine[0, :, :half]}


def golden(name, config):
    torch.manual_seed(0)
    model = transformers.AutoModelForCausalLM.from_config(config).float().eval()
    gemma = name == "gemma2"
    fill(model, gemma)
    with tempfile.TemporaryDirectory() as folder:
        model.save_pretrained(folder)
        text = Path(folder, "config.json").read_text()
    long, short = tokens("tokens", 40, 96), tokens("short", 13, 96)
    many = tokens("many", 800, 96)
    out = {
        "tokens": long.int(), "short": short.int(), "logits": logits(model, long),
        "left": logits(model, short, ("left", 40)), "right": logits(model, short, ("right", 40)),
        "many": many.int(), "late": logits(model, many)[-8:],
    }
    out.update(angles(model, torch.tensor([1, 700, 8191, 30000, 131071])))
    half = transformers.AutoModelForCausalLM.from_config(config).eval()
    fill(half, gemma)
    out["bfloat16"] = logits(half.bfloat16(), long)
    out.update(gradients(model, long, gemma))
    versions = {"transformers": transformers.__version__, "peft": peft.__version__,
                "torch": torch.__version__}
    return out, {"config": text, "made_by": json.dumps(versions), "rank": str(RANK),
                 "alpha": str(ALPHA)}


def encoder_golden(config):
    model = transformers.AutoModel.from_config(config).float().eval()
    with torch.no_grad():
        for name, tensor in model.named_parameters():
            if not name.startswith("pooler."):
                tensor.copy_(torch.from_numpy(weight(name, tuple(tensor.shape), False)).float())
    with tempfile.TemporaryDirectory() as folder:
        model.save_pretrained(folder)
        text = Path(folder, "config.json").read_text()
    # Ids from 2 up: transformers counts RoBERTa's positions past padding tokens.
    long, short = [tokens(n, c, 94) + 2 for n, c in (("tokens", 40), ("short", 13))]
    padded = torch.cat((short, torch.full((27,), config.pad_token_id)))
    mask = (torch.arange(40) < 13).long()
    with torch.no_grad():
        hidden = model(input_ids=long[None]).last_hidden_state[0]
        behind = model(input_ids=padded[None], attention_mask=mask[None]).last_hidden_state[0, :13]
    out = {"tokens": long.int(), "short": short.int(), "hidden": hidden, "hidden_short": behind}
    if config.type_vocab_size > 1:
        types = (torch.arange(40) >= 13).long()
        with torch.no_grad():
            pair = model(input_ids=long[None], token_type_ids=types[None]).last_hidden_state[0]
        out.update(types=types.int(), hidden_pair=pair)
    return out, {"config": text}


def main():
    folder = Path(sys.argv[1])
    (folder / "encoders").mkdir(exist_ok=True, parents=True)
    for name, config in families():
        tensors, metadata = golden(name, config)
        save_file({n: x.contiguous() for n, x in tensors.items()}, folder / f"{name}.safetensors",
                  metadata)
        print(f"{name}: logits to {tensors['logits'].abs().max():.1f}, left and right padding "
              f"{(tensors['left'] - tensors['right']).abs().max():.1e} apart, bfloat16 "
              f"{(tensors['bfloat16'] - tensors['logits']).abs().max():.1e} apart")
    for name, config in encoders():
        tensors, metadata = encoder_golden(config)
        save_file({n: x.contiguous() for n, x in tensors.items()},
                  folder / "encoders" / f"{name}.safetensors", metadata)
        print(f"{name}: hidden states to {tensors['hidden'].abs().max():.1f}")


if __name__ == "__main__":
    main()
