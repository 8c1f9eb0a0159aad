"""What nlpaug's SynonymAug (WordNet, its defaults) takes for the texts that arf is measured with.

usage: nlpaug_speed.py data  NLTK_DATA DICT PICKLE     makes NLTK's data folder
       nlpaug_speed.py texts OUT FILE LIMIT            FILE's texts as JSON strings, one a line
       nlpaug_speed.py speed NLTK_DATA TEXTS           one JSON object: texts, seconds, changed
       nlpaug_speed.py print NLTK_DATA TEXTS [SEED]    what becomes of each, a JSON string a line

Install, in a virtual environment of its own (tried: nlpaug 1.1.11, nltk 3.10.4):
    python3 -m venv PEER && PEER/bin/pip install nlpaug nltk
    PEER/bin/pip download --no-deps textblob-aptagger==0.2.0   # for its trontagger-0.1.0.pickle
    unzip textblob_aptagger-0.2.0-*.whl && apt-get install wordnet-base
    PEER/bin/python benchmarks/peers/nlpaug_speed.py data NLTK_DATA /usr/share/wordnet \
        textblob_aptagger/trontagger-0.1.0.pickle
Where NLTK's own downloads can be reached, `python -m nltk.downloader -d NLTK_DATA wordnet omw-1.4
averaged_perceptron_tagger_eng` does instead of `data`. What `data` makes is of the same kind:
WordNet 3.0 as NLTK has it, and the averaged perceptron that NLTK's tagger is a port of, with its
features and with weights from newspaper text, too; NLTK's own code runs on both.
"""

import csv
import gzip
import json
import os
import pickle
import random
import shutil
import sys
import time
import warnings


class PlainUnpickler(pickle.Unpickler):
    """Containers only: a pickle may otherwise run whatever it likes."""

    def find_class(self, module, name):
        if name == "set":
            return set
        raise pickle.UnpicklingError(f"{module}.{name} has no place in a tagger's weights")


def make_data(folder, dict_folder, pickled):
    wordnet = os.path.join(folder, "corpora", "wordnet")
    tagger = os.path.join(folder, "taggers", "averaged_perceptron_tagger_eng")
    os.makedirs(wordnet)
    os.makedirs(tagger)
    for part in ("noun", "verb", "adj", "adv"):
        for name in (f"data.{part}", f"index.{part}", f"{part}.exc"):
            shutil.copy(os.path.join(dict_folder, name), wordnet)
    with open(os.path.join(wordnet, "lexnames"), "w") as file:  # SynonymAug never looks at a name
        file.writelines(f"{number:02}\tlexicographer.{number:02}\t1\n" for number in range(45))
    # Read at the start, for other languages than English; Debian has it in another package.
    open(os.path.join(wordnet, "index.sense"), "w").close()
    with open(pickled, "rb") as file:
        weights, tags, classes = PlainUnpickler(file).load()
    for name, value in (("weights", weights), ("tagdict", tags), ("classes", sorted(classes))):
        path = os.path.join(tagger, f"averaged_perceptron_tagger_eng.{name}.json")
        with open(path, "w") as file:
            json.dump(value, file)


def write_texts(out, path, limit):
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        if path.endswith(".tsv.gz"):
            texts = [row[0] for row in csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)]
        else:
            texts = [row["output"] for row in json.load(file)]
    texts = [text for text in texts if text.strip()]
    with open(out, "w", encoding="utf-8") as file:
        file.writelines(json.dumps(text, ensure_ascii=False) + "\n" for text in texts[:limit])


def read_texts(path):
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def load(nltk_data):
    os.environ["NLTK_DATA"] = nltk_data
    import nlpaug.augmenter.word as naw
    import nltk
    warnings.filterwarnings("ignore")
    augmenter = naw.SynonymAug(aug_src="wordnet")
    augmenter.augment("The first sentence loads what is loaded once.")
    assert nltk.pos_tag(["dogs"])[0][1] == "NNS"
    return augmenter


def augmented(augmenter, text):
    found = augmenter.augment(text)
    return found[0] if found else text


def speed(nltk_data, path):
    texts, augmenter = read_texts(path), load(nltk_data)
    squeeze = str.split  # nlpaug parts and joins texts anew: spaces do not count as a change
    began, cpu_began = time.perf_counter(), time.process_time()
    results = [augmented(augmenter, text) for text in texts]
    seconds, cpu = time.perf_counter() - began, time.process_time() - cpu_began
    joined = augmenter.reverse_tokenizer
    changed = sum(squeeze(result) != squeeze(joined(augmenter.tokenizer(text)))
                  for text, result in zip(texts, results))
    print(json.dumps({"texts": len(texts), "seconds": seconds, "cpu_seconds": cpu,
                      "changed": changed}))


def print_results(nltk_data, path, seed="1"):
    augmenter = load(nltk_data)
    random.seed(int(seed))
    for text in read_texts(path):
        print(json.dumps(augmented(augmenter, text), ensure_ascii=False))


if __name__ == "__main__":
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    command, arguments = sys.argv[1], sys.argv[2:]
    if command == "data":
        make_data(*arguments)
    elif command == "texts":
        write_texts(arguments[0], arguments[1], int(arguments[2]))
    elif command == "speed":
        speed(*arguments)
    elif command == "print":
        print_results(*arguments)
    else:
        sys.exit(__doc__)
