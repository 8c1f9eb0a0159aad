"""Compares the scorer's encoder with tokenizers and transformers on MiniLM. Run by minilm.sh."""
import gzip
import itertools
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import tokenizers
import torch
import transformers

PROGRAM, DATA, WORK, MODEL = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]), sys.argv[4]
LIMIT = 2e-5  # of the largest value
BATCH, MOST_TOKENS = 24, 512
transformers.utils.logging.disable_progress_bar()


def lines(name, count):
    with gzip.open(DATA / name, "rt", encoding="utf-8") as file:
        return [line.rstrip("\n") for line in itertools.islice(file, count)]


def inputs():
    """Texts and pairs from a few tokens to hundreds."""
    short = [line.split("\t")[0] for line in lines("goemotions/original/dev.tsv.gz", 120)]
    problems = [json.loads(line) for line in lines("gsm8k/train.jsonl.gz", 90)]
    dialogues = [line.replace(" __eou__", "") for line in lines("dailydialog/validation/dialogues.txt.gz", 40)]
    pairs = [[p["question"], p["answer"]] for p in problems]
    turns = [[a, b] for a, b in zip(short[::2], short[1::2])]
    both = short + [p["answer"] for p in problems[:40]] + dialogues + pairs + turns
    return [both[i * 101 % len(both)] for i in range(len(both))]  # lengths mixed in a batch


def ours(texts):
    out = subprocess.run([PROGRAM, MODEL, WORK / "hidden"], text=True, capture_output=True,
                         input="".join(json.dumps(t) + "\n" for t in texts))
    if out.returncode:
        sys.exit(out.stderr)
    framed = [json.loads(line) for line in out.stdout.splitlines()]
    hidden = torch.from_numpy(np.fromfile(WORK / "hidden", dtype=np.float32)).view(-1, 384)
    return framed, hidden.split([len(ids) for ids, _ in framed])


def reference(texts):
    tokenizer = tokenizers.Tokenizer.from_file(f"{MODEL}/tokenizer.json")
    tokenizer.no_truncation()
    tokenizer.enable_padding()
    model = transformers.BertModel.from_pretrained(MODEL, dtype=torch.float32).eval()
    framed, hidden = [], []
    for first in range(0, len(texts), BATCH):
        batch = texts[first:first + BATCH]
        encoded = tokenizer.encode_batch([tuple(t) if isinstance(t, list) else t for t in batch])
        ids, types, mask = (torch.tensor([getattr(e, name) for e in encoded])
                            for name in ("ids", "type_ids", "attention_mask"))
        with torch.no_grad():
            states = model(input_ids=ids, token_type_ids=types, attention_mask=mask).last_hidden_state
        for row, length in enumerate(mask.sum(1).tolist()):
            framed.append([ids[row, :length].tolist(), types[row, :length].tolist()])
            hidden.append(states[row, :length])
    return framed, hidden


def relative(found, expected):
    difference = max((a - b).abs().max().item() for a, b in zip(found, expected, strict=True))
    return difference / max(b.abs().max().item() for b in expected)


def report(what, figure, good):
    print(f"{'ok  ' if good else 'FAIL'} {what}: {figure}")
    return not good


def embeddings(hidden):
    """Sentence-transformers' pipeline: the mean over tokens, of length 1."""
    return [torch.nn.functional.normalize(x.mean(0), dim=0) for x in hidden]


def cut_as_the_scorer_cuts(long):
    """Over the encoder's length: a text's beginning, the ends of a pair, up to MOST_TOKENS."""
    pair = [" ".join(["zero", *["one"] * 600]), " ".join([*["two"] * 600, "three"])]
    (ids, _), (pair_ids, types) = ours([long, pair])[0]
    halves = [types.index(1), len(types) - types.index(1)]
    return len(ids) == len(pair_ids) == MOST_TOKENS and abs(halves[0] - halves[1]) <= 2


print(f"transformers {transformers.__version__}, tokenizers {tokenizers.__version__}, torch {torch.__version__}")
texts = inputs()
found, expected = ours(texts), reference(texts)
lengths = [len(ids) for ids, _ in expected[0]]
assert max(lengths) <= MOST_TOKENS and max(lengths) > 256, "no text beyond the file's own truncation"
num_pairs = sum(isinstance(text, list) for text in texts)
bad = report(f"ids and token types of {len(texts)} texts, {num_pairs} of them pairs, {min(lengths)} to "
             f"{max(lengths)} tokens", f"{sum(a != b for a, b in zip(found[0], expected[0]))} differ",
             found[0] == expected[0])
if not bad:
    worst = relative(found[1], expected[1])
    bad += report("last hidden states, largest difference of the largest value", f"{worst:.2e}", worst < LIMIT)
    worst = relative(embeddings(found[1]), embeddings(expected[1]))
    bad += report("sentence embeddings, the same", f"{worst:.2e}", worst < LIMIT)
bad += report("longer texts keep 512 tokens, longer pairs the ends of both", "", cut_as_the_scorer_cuts("one " * 900))
sys.exit(1 if bad else 0)
