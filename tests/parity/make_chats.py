"""Writes golden/chats.json: dialogues of ours as transformers renders them by the chat templates of
Qwen2.5, Llama 3.2 and Gemma 2, or null where a template refuses them. Run by golden.sh where the
public data, which has the templates, is beside the project."""
import json
import sys
from pathlib import Path

import jinja2
from transformers.utils.chat_template_utils import render_jinja_template

TEMPLATES, OUT = Path(sys.argv[1]), Path(sys.argv[2])
DATE = "26 Jul 2024"


def templates():
    config = json.loads((TEMPLATES / "qwen2.5/tokenizer_config.json").read_text())
    yield "ChatML", config["chat_template"], ""
    yield "Llama 3", (TEMPLATES / "llama3/chat_template_3.2.jinja").read_text(), "<|begin_of_text|>"
    yield "Gemma", (TEMPLATES / "gemma/chat_template_2.jinja").read_text(), "<bos>"


def dialogues():
    texts = ["Hello", "  two spaces before\n", "\n\nlines\n\n", "", " ", "é 中 \u00a0", "a\tb\x1c",
             "{{ braces }} and 'quotes'", "1. one\n2. two"]
    for system in [None, "  Be brief. ", ""]:
        for text in texts:
            for answer in [None, text]:
                turns = [("user", text)]
                if answer is not None:
                    turns += [("assistant", answer), ("user", "and then?")]
                yield system, turns
    yield None, [("user", "a"), ("assistant", "b"), ("user", "c"), ("assistant", "d")]
    yield None, [("user", "a"), ("user", "b")]
    yield None, [("assistant", "welcome"), ("user", "b")]
    yield "s", [("user", "a"), ("assistant", "b"), ("user", "c"), ("assistant", "d"), ("user", "e")]


def rendered(template, bos, system, turns, prompt):
    messages = [{"role": "system", "content": system}] if system is not None else []
    messages += [{"role": role, "content": text} for role, text in turns]
    try:
        return render_jinja_template([messages], chat_template=template, bos_token=bos,
                                     add_generation_prompt=prompt, date_string=DATE)[0][0]
    except jinja2.exceptions.TemplateError:
        return None


cases = []
for name, template, bos in templates():
    for system, turns in dialogues():
        if system == "" and name != "Llama 3":
            continue  # a corpus cannot tell an empty system text from none
        for prompt in (False, True):
            cases.append({"format": name, "system": system or "", "turns": turns, "prompt": prompt,
                          "text": rendered(template, bos, system, turns, prompt)})
OUT.write_text(json.dumps({"date": DATE, "cases": cases}, indent=None, ensure_ascii=True) + "\n")
refused = sum(case["text"] is None for case in cases)
print(f"{len(cases)} chats, {refused} of them refused by their template")
