"""Compares `arf generate` with transformers' generate. Run by generation.sh."""
import gzip
import json
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import torch
import transformers

ARF, DATA, WORK = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
TOKENS, DRAWS = 40, 120
DATE = "26 Jul 2024"
SHAPE = dict(hidden_size=64, intermediate_size=96, num_hidden_layers=3, num_attention_heads=4,
             num_key_value_heads=2, max_position_embeddings=1024)
PROMPTS = ["What is a mole?", " Größe 日本 👍🏽 \n\n two ", "x  y   z ", "tell me " * 120]
LLAMA3_ROPE = dict(rope_type="llama3", rope_theta=500000.0, factor=32.0, low_freq_factor=1.0,
                   high_freq_factor=4.0, original_max_position_embeddings=64)
transformers.utils.logging.set_verbosity_error()
transformers.utils.logging.disable_progress_bar()
failures = 0


def report(what, figure, good):
    global failures
    failures += not good
    print(f"{'ok  ' if good else 'FAIL'} {what}: {figure}", flush=True)


def model_folder(name, config, tokenizer, template, dtype, end_tokens):
    """A model whose next token is far from certain, with a tokenizer of the public data."""
    folder = WORK / name
    torch.manual_seed(5)
    model = transformers.AutoModelForCausalLM.from_config(config).eval()
    with torch.no_grad():
        for weight in model.parameters():
            if weight.dim() > 1:
                weight.normal_(std=0.3)
    model.to(dtype).save_pretrained(folder)
    with gzip.open(DATA / tokenizer / "tokenizer.json.gz", "rt", encoding="utf-8") as file:
        (folder / "tokenizer.json").write_text(file.read(), encoding="utf-8")
    if (DATA / tokenizer / "tokenizer_config.json").exists():
        shutil.copy(DATA / tokenizer / "tokenizer_config.json", folder)
    if template:
        shutil.copy(DATA / template, folder / "chat_template.jinja")
    (folder / "generation_config.json").write_text(json.dumps(dict(eos_token_id=end_tokens)))
    return folder


def folders():
    yield model_folder(
        "qwen2.5", transformers.Qwen2Config(vocab_size=151936, tie_word_embeddings=True, **SHAPE),
        "qwen2.5", None, torch.float32, [151645, 151643])
    yield model_folder(
        "qwen2.5 with windows", transformers.Qwen2Config(
            vocab_size=151936, use_sliding_window=True, sliding_window=16, max_window_layers=1,
            **SHAPE), "qwen2.5", None, torch.bfloat16, [151645, 151643])
    yield model_folder(
        "llama3", transformers.LlamaConfig(
            vocab_size=128256, tie_word_embeddings=True, rope_parameters=LLAMA3_ROPE, **SHAPE),
        "llama3", "llama3/chat_template_3.2.jinja", torch.bfloat16, [128001, 128008, 128009])


def ours(folder, prompt, *keys, tokens=TOKENS):
    out = subprocess.run([ARF, "generate", "--model.path", folder, "--prompt", prompt, "--json",
                          "--generate.max_tokens", str(tokens), *keys], capture_output=True, text=True)
    if out.returncode:
        sys.exit(out.stderr)
    return json.loads(out.stdout)["reply"]


def context(tokenizer, prompt):
    return tokenizer.apply_chat_template([{"role": "user", "content": prompt}], date_string=DATE,
                                         add_generation_prompt=True, return_tensors="pt", return_dict=True)


def greedy(folder, tokenizer, model):
    same, different = 0, []
    for prompt in PROMPTS:
        encoded = context(tokenizer, prompt)
        for penalty in (1.0, 1.3):
            out = model.generate(**encoded, max_new_tokens=TOKENS, do_sample=False, repetition_penalty=penalty)
            expected = tokenizer.decode(out[0][encoded["input_ids"].shape[1]:], skip_special_tokens=True)
            keys = ["--generate.temperature", "0", "--generate.repetition_penalty", str(penalty)]
            if ours(folder, prompt, *keys) == expected:
                same += 1
            else:
                different.append((prompt[:20], penalty))
            for stop in (expected[9:12], expected[20:21]):
                if stop.strip() and ours(folder, prompt, *keys, "--generate.stop", stop) != expected[:expected.index(stop)]:
                    different.append((prompt[:20], penalty, stop))
    report(f"{folder.name}: greedy replies, with a penalty, to a stop string", f"{same} of "
           f"{2 * len(PROMPTS)} the same {different or ''}", not different)


def probabilities(model, encoded, temperature, top_k, top_p, min_p):
    """Of the first token, as transformers' warpers leave them."""
    with torch.no_grad():
        logits = model(**encoded).logits[0, -1:].float()
    process = transformers.LogitsProcessorList([
        transformers.TemperatureLogitsWarper(temperature), transformers.TopKLogitsWarper(top_k),
        transformers.TopPLogitsWarper(top_p), transformers.MinPLogitsWarper(min_p)])
    return process(encoded["input_ids"], logits).softmax(-1)[0]


def drawn(folder, tokenizer, model):
    encoded = context(tokenizer, PROMPTS[0])
    rules = dict(temperature=1.5, top_k=12, top_p=0.9, min_p=0.05)
    expected = Counter()
    for token, p in enumerate(probabilities(model, encoded, **rules).tolist()):
        if p > 0:
            expected[tokenizer.decode([token], skip_special_tokens=True)] += p
    keys = [word for key, value in rules.items() for word in (f"--generate.{key}", str(value))]
    found = Counter(ours(folder, PROMPTS[0], *keys, "--run.seed", str(seed), tokens=1)
                    for seed in range(DRAWS))
    distance = sum((found[t] / DRAWS - p) ** 2 / p for t, p in expected.items() if p > 0) * DRAWS
    limit = 2 * len(expected) + 20  # chi-squared of so many degrees is over it once in 10,000
    good = set(found) <= set(expected) and len(expected) > 3 and distance < limit
    report(f"{folder.name}: first tokens of {DRAWS} draws", f"{len(found)} of {len(expected)} kinds, "
           f"chi-squared {distance:.1f}, limit {limit}", good)


print(f"transformers {transformers.__version__}, torch {torch.__version__}")
for number, folder in enumerate(folders()):
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
    if folder.name == "llama3":
        tokenizer.bos_token = "<|begin_of_text|>"
        tokenizer.chat_template = (folder / "chat_template.jinja").read_text()
    model = transformers.AutoModelForCausalLM.from_pretrained(
        folder, dtype=torch.float32, attn_implementation="eager").eval()
    greedy(folder, tokenizer, model)
    if number == 0:
        drawn(folder, tokenizer, model)
print(f"{failures} failed")
sys.exit(1 if failures else 0)
