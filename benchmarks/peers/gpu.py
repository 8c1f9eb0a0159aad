"""What transformers and PEFT do on one CUDA device, for the GPU rows that arf is to be compared with.

usage: gpu.py [--shape qwen2.5-1.5b|llama-3.2-3b|tiny] [--repeats N] [--device cuda|cpu]

Random bfloat16 weights of the true shapes: speed and memory do not depend on their values. Each row
is the median of the repeats behind one warm-up, with the smallest and largest. Needs torch,
transformers and peft (tried: 2.11, 5.17, 0.21); no file is read, nothing is fetched.
"""

import argparse
import statistics
import time

import peft
import torch
import transformers

SHAPES = {
    "qwen2.5-1.5b": lambda: transformers.Qwen2Config(
        vocab_size=151936, hidden_size=1536, intermediate_size=8960, num_hidden_layers=28,
        num_attention_heads=12, num_key_value_heads=2, max_position_embeddings=32768,
        rope_theta=1e6, tie_word_embeddings=True),
    "llama-3.2-3b": lambda: transformers.LlamaConfig(
        vocab_size=128256, hidden_size=3072, intermediate_size=8192, num_hidden_layers=28,
        num_attention_heads=24, num_key_value_heads=8, head_dim=128, max_position_embeddings=131072,
        rope_theta=5e5, tie_word_embeddings=True),
    "tiny": lambda: transformers.Qwen2Config(
        vocab_size=512, hidden_size=64, intermediate_size=128, num_hidden_layers=2,
        num_attention_heads=4, num_key_value_heads=2, tie_word_embeddings=True),
}


def wait(device):
    if device == "cuda":
        torch.cuda.synchronize()


def median_of(name, work, repeats, device, unit=1.0, per=""):
    """Prints seconds of work() and unit / seconds; returns the median."""
    if device == "cuda":
        torch.cuda.reset_peak_memory_stats()
    seconds = []
    for _ in range(repeats + 1):
        wait(device)
        began = time.perf_counter()
        work()
        wait(device)
        seconds.append(time.perf_counter() - began)
    seconds = seconds[1:]
    middle = statistics.median(seconds)
    peak = torch.cuda.max_memory_allocated() / 1e9 if device == "cuda" else float("nan")
    print(f"| {name} | {middle:.4f} | {min(seconds):.4f} to {max(seconds):.4f} | {unit / middle:,.1f} {per} | {peak:.1f} |",
          flush=True)
    return middle


def limits(repeats, device):
    """The two rates of the machine that the rows are held against."""
    size = 1 << (31 if device == "cuda" else 24)
    source = torch.randint(0, 127, (size,), dtype=torch.int8, device=device)
    target = torch.empty_like(source)
    median_of("copy, bytes read and written", lambda: target.copy_(source), repeats, device, 2 * size / 1e9, "GB/s")
    del source, target
    side = 8192 if device == "cuda" else 256
    left, right = (torch.randn(side, side, device=device, dtype=torch.bfloat16) for _ in range(2))
    median_of(f"product of {side} x {side}, bfloat16", lambda: left @ right, repeats, device, 2 * side**3 / 1e12, "TFLOP/s")


def sample(model, rows, prompt, tokens, device):
    prompts = torch.randint(0, model.config.vocab_size, (rows, prompt), device=device)
    return model.generate(
        input_ids=prompts, attention_mask=torch.ones_like(prompts), do_sample=True, temperature=1.0, top_k=0, top_p=1.0,
        min_new_tokens=tokens, max_new_tokens=tokens, pad_token_id=0, eos_token_id=None)


def log_probs(model, tokens, replies):
    """Log-probs (rows, replies) of each row's last `replies` tokens."""
    logits = model(input_ids=tokens, logits_to_keep=replies + 1).logits[:, :-1].float()
    return torch.log_softmax(logits, -1).gather(-1, tokens[:, -replies:, None]).squeeze(-1)


def step(model, optimizer, tokens, replies, rows):
    """One policy-gradient step of all tokens, `rows` rows a pass."""
    for part in tokens.split(rows):
        loss = -log_probs(model, part, replies).sum() / (tokens.shape[0] * replies)
        loss.backward()
    optimizer.step()
    optimizer.zero_grad(set_to_none=True)


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--shape", choices=SHAPES, default="qwen2.5-1.5b")
    options.add_argument("--repeats", type=int, default=3)
    options.add_argument("--device", choices=["cuda", "cpu"], default="cuda")
    chosen = options.parse_args()
    device, repeats, small = chosen.device, chosen.repeats, chosen.shape == "tiny"
    if device == "cuda" and not torch.cuda.is_available():
        raise SystemExit("gpu.py: no CUDA device is seen; --device cpu tries the script alone")
    name = torch.cuda.get_device_name() if device == "cuda" else "CPU"
    print(f"{name}, torch {torch.__version__}, transformers {transformers.__version__}, peft {peft.__version__}")
    print("| row | seconds | spread | rate | peak GB |\n|---|---|---|---|---|")
    limits(repeats, device)
    torch.manual_seed(1)
    with torch.device(device):
        model = transformers.AutoModelForCausalLM.from_config(SHAPES[chosen.shape](), dtype=torch.bfloat16)
    weights = sum(p.numel() for p in model.parameters())
    print(f"| {chosen.shape}: {weights / 1e9:.2f} G weights, {2 * weights / 1e9:.2f} GB | | | | |")
    tokens = 8 if small else 128
    model.eval()
    for rows in (1, 16, 128):
        with torch.no_grad():
            median_of(f"decode, batch {rows}, 64 + {tokens}", lambda: sample(model, rows, 64, tokens, device), repeats,
                      device, rows * tokens, "tokens/s")
    adapted = peft.get_peft_model(model, peft.LoraConfig(r=8, lora_alpha=16, target_modules=["q_proj", "v_proj"]))
    optimizer = torch.optim.AdamW([p for p in adapted.parameters() if p.requires_grad], lr=1e-4)
    length = 16 if small else 512
    batch = torch.randint(0, model.config.vocab_size, (32, length), device=device)
    adapted.train()
    median_of(f"LoRA step, 32 x {length}, 8 rows a pass", lambda: step(adapted, optimizer, batch, length - 1, 8),
              repeats, device, 32 * length, "tokens/s")
    half = 8 if small else 256

    def whole_step():
        adapted.eval()
        with torch.no_grad():
            sampled = sample(adapted, 128, half, half, device)
            with adapted.disable_adapter():
                for part in sampled.split(16):
                    log_probs(adapted, part, half)
            for part in sampled.split(16):
                log_probs(adapted, part, half)
        adapted.train()
        step(adapted, optimizer, sampled, half, 8)

    median_of(f"whole RL step, 128 x ({half} + {half})", whole_step, max(1, repeats - 1), device, 128 * half, "replies' tokens/s")


if __name__ == "__main__":
    main()
