"""Compares arf with transformers and peft, both ways. Run by peft.sh."""
import json
import subprocess
import sys

import torch
import transformers
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


def what_arf_wrote():
    model = transformers.AutoModelForCausalLM.from_pretrained(f"{WORK}/model", dtype=torch.float32)
    plain = compare("transformers reads our model", model, f"{WORK}/model", None, 160)
    adapted = PeftModel.from_pretrained(model, f"{WORK}/adapter")
    with_adapter = compare("peft reads our adapter", adapted, f"{WORK}/model", f"{WORK}/adapter", 160)
    assert (plain - with_adapter).abs().max() > 0.1, "the adapter changes nothing"


def what_transformers_wrote(tied):
    config = transformers.Qwen2Config(
        vocab_size=200, hidden_size=64, intermediate_size=128, num_hidden_layers=3,
        num_attention_heads=4, num_key_value_heads=2, max_position_embeddings=256,
        tie_word_embeddings=tied)
    model = transformers.Qwen2ForCausalLM(config).float()
    stir(model)
    folder = f"{WORK}/transformers-{tied}"
    model.save_pretrained(folder, max_shard_size="200KB" if tied else "5GB")
    kind = "tied, in shards" if tied else "untied"
    compare(f"we read a model of transformers ({kind})", model, folder, None, 200)
    adapted = get_peft_model(model, LoraConfig(
        r=4, lora_alpha=8, target_modules=["q_proj", "o_proj", "gate_proj"], task_type="CAUSAL_LM"))
    stir(torch.nn.ParameterList(p for n, p in adapted.named_parameters() if "lora_" in n))
    adapted.save_pretrained(f"{folder}-adapter")
    compare(f"we read an adapter of peft ({kind})", adapted, folder, f"{folder}-adapter", 200)


def an_encoder():
    config = transformers.RobertaConfig(
        vocab_size=300, hidden_size=64, intermediate_size=128, num_hidden_layers=3,
        num_attention_heads=4, max_position_embeddings=130, type_vocab_size=1)
    for kind in (transformers.RobertaModel, transformers.RobertaForMaskedLM):
        model = kind(config).float().eval()
        stir(model)
        folder = f"{WORK}/{kind.__name__}"
        model.save_pretrained(folder)
        texts = sequences(300, [1, 33, 128])
        # Ids from 2 up: transformers counts positions past pad tokens, which no text of ours holds.
        texts = [[max(token, 2) for token in ids] for ids in texts]
        out = subprocess.run([FOLDERS, "encode", folder], input="\n".join(map(str, texts)),
                             capture_output=True, text=True, check=True)
        body = model if kind is transformers.RobertaModel else model.roberta
        with torch.no_grad():
            theirs = [body(input_ids=torch.tensor([ids])).last_hidden_state.flatten() for ids in texts]
        ours = [torch.tensor(json.loads(line)) for line in out.stdout.splitlines()]
        difference = max((a - b).abs().max().item() for a, b in zip(ours, theirs, strict=True))
        report(f"we read {kind.__name__}", difference, theirs[1].std().item())


print(f"transformers {transformers.__version__}, torch {torch.__version__}")
what_arf_wrote()
what_transformers_wrote(tied=True)
what_transformers_wrote(tied=False)
an_encoder()
sys.exit(1 if failures else 0)
