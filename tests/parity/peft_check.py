"""Compares arf with transformers and peft, both ways. Run by peft.sh."""
import json
import subprocess
import sys

import torch
import transformers
from make_golden import families
from peft import LoraConfig, PeftModel, get_peft_model

ARF, FOLDERS, WORK = sys.argv[1:4]
TOLERANCE = 2e-5  # nats; float32 with other orders of summation: 2.4e-6 seen
failures = 0
transformers.utils.logging.disable_progress_bar()


def sequences(vocabulary, lengths):
    generator = torch.Generator().manual_seed(7)
    return [torch.randint(0, vocabulary, (n,), generator=generator).tolist() for n in lengths]


def report(what, difference, spread):
    """spread: how far the values themselves vary, so that an agreement of constants shows."""
    global failures
    good = difference < TOLERANCE and spread > 0.1
    failures += not good
    print(f"{'ok  ' if good else 'FAIL'} {what}: largest difference {difference:.2e}")


def arf_logprobs(model, adapter, texts):
    command = [ARF, "logprobs", "--model.path", model]
    if adapter:
        command += ["--adapter.path", adapter]
    lines = "".join(json.dumps({"ids": ids}) + "\n" for ids in texts)
    out = subprocess.run(command, input=lines, capture_output=True, text=True)
    if out.returncode != 0:
        sys.exit(f"{' '.join(command)} failed: {out.stderr}")
    return [json.loads(line)["logprobs"][1:] for line in out.stdout.splitlines()]


def reference_logprobs(model, texts):
    answers = []
    for ids in texts:
        with torch.no_grad():
            logits = model(input_ids=torch.tensor([ids])).logits[0, :-1].float()
        picked = logits.log_softmax(-1).gather(1, torch.tensor(ids[1:])[:, None])
        answers.append(picked[:, 0].tolist())
    return answers


def compare(what, model, folder, adapter, vocabulary):
    texts = sequences(vocabulary, [2, 17, 96])
    ours = torch.tensor(sum(arf_logprobs(folder, adapter, texts), []))
    theirs = torch.tensor(sum(reference_logprobs(model.eval(), texts), []))
    report(what, (ours - theirs).abs().max().item(), theirs.std().item())
    return ours


def stir(module):
    generator = torch.Generator().manual_seed(3)
    with torch.no_grad():
        for parameter in module.parameters():
            parameter += 0.1 * torch.randn(parameter.shape, generator=generator)


def read(folder):
    return transformers.AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32)


def folders(*arguments):
    subprocess.run([FOLDERS, *arguments], check=True)


def a_family(name, config):
    model = transformers.AutoModelForCausalLM.from_config(config).float()
    stir(model)
    folder, vocabulary = f"{WORK}/{name}", config.vocab_size
    model.save_pretrained(folder, max_shard_size="60KB" if name.startswith("qwen") else "5GB")
    plain = compare(f"{name}: we read its folder", model, folder, None, vocabulary)
    folders("rewrite", folder, f"{folder}-ours")
    compare(f"{name}: transformers reads ours", read(f"{folder}-ours"), f"{folder}-ours", None, vocabulary)
    folders("adapter", folder, f"{folder}-adapter")
    adapted = PeftModel.from_pretrained(read(folder), f"{folder}-adapter")
    with_adapter = compare(f"{name}: peft reads our adapter", adapted, folder, f"{folder}-adapter",
                           vocabulary)
    assert (plain - with_adapter).abs().max() > 0.1, "the adapter changes nothing"
    subprocess.run([ARF, "export", "--model.path", folder, "--adapter.path", f"{folder}-adapter",
                    "--output", f"{folder}-merged"], check=True, capture_output=True)
    merged = arf_logprobs(folder, f"{folder}-adapter", sequences(vocabulary, [2, 17, 96]))
    theirs = reference_logprobs(read(f"{folder}-merged").eval(), sequences(vocabulary, [2, 17, 96]))
    difference = (torch.tensor(sum(merged, [])) - torch.tensor(sum(theirs, []))).abs().max().item()
    report(f"{name}: transformers reads what we merged", difference, 1)
    their_adapter(name, model, folder, vocabulary)
    model.bfloat16().save_pretrained(f"{folder}-half")
    compare(f"{name}: we read it in bfloat16 as float32", read(f"{folder}-half"), f"{folder}-half",
            None, vocabulary)


def their_adapter(name, model, folder, vocabulary):
    adapted = get_peft_model(model, LoraConfig(
        r=4, lora_alpha=8, use_rslora=name == "gemma2", task_type="CAUSAL_LM",
        target_modules=["q_proj", "k_proj", "o_proj", "gate_proj", "down_proj"]))
    stir(torch.nn.ParameterList(p for n, p in adapted.named_parameters() if "lora_" in n))
    adapted.save_pretrained(f"{folder}-theirs")
    compare(f"{name}: we read peft's adapter", adapted, folder, f"{folder}-theirs", vocabulary)
    adapted.unload()


def an_encoder():
    t = transformers
    small = dict(vocab_size=300, hidden_size=64, intermediate_size=128, num_hidden_layers=3,
                 num_attention_heads=4, max_position_embeddings=130)
    roberta = t.RobertaConfig(type_vocab_size=1, **small)
    bert = t.BertConfig(**small)
    for kind, config in ((t.RobertaModel, roberta), (t.RobertaForMaskedLM, roberta),
                         (t.BertModel, bert), (t.BertForSequenceClassification, bert)):
        model = kind(config).float().eval()
        stir(model)
        folder = f"{WORK}/{kind.__name__}"
        model.save_pretrained(folder)
        # Ids from 2 up: transformers counts positions past pad tokens, which no text of ours holds.
        texts = [[max(token, 2) for token in ids] for ids in sequences(300, [1, 33, 128])]
        out = subprocess.run([FOLDERS, "encode", folder], input="\n".join(map(str, texts)),
                             capture_output=True, text=True, check=True)
        with torch.no_grad():
            theirs = [model.base_model(input_ids=torch.tensor([ids])).last_hidden_state.flatten()
                      for ids in texts]
        ours = [torch.tensor(json.loads(line)) for line in out.stdout.splitlines()]
        difference = max((a - b).abs().max().item() for a, b in zip(ours, theirs, strict=True))
        report(f"we read {kind.__name__}", difference, theirs[1].std().item())


print(f"transformers {transformers.__version__}, torch {torch.__version__}")
for family, family_config in families():
    a_family(family, family_config)
an_encoder()
sys.exit(1 if failures else 0)
