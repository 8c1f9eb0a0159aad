#include "augment/inflection.h"

#include <algorithm>

#include "augment/word_lists.h"

namespace arf {
namespace {

struct IrregularVerb {
  std::string_view base, past, participle;
};
// Verbs with two forms, verbs that do not change, and verbs whose regular form is the usual one
// although the exception lists have another.
constexpr IrregularVerb kVerbs[] = {
    {"arise", "arose", "arisen"},
    {"awake", "awoke", "awoken"},
    {"bear", "bore", "borne"},
    {"beat", "beat", "beaten"},
    {"become", "became", "become"},
    {"befall", "befell", "befallen"},
    {"begin", "began", "begun"},
    {"bet", "bet", "bet"},
    {"bid", "bid", "bid"},
    {"bite", "bit", "bitten"},
    {"blow", "blew", "blown"},
    {"break", "broke", "broken"},
    {"broadcast", "broadcast", "broadcast"},
    {"burn", "burned", "burned"},
    {"burst", "burst", "burst"},
    {"cast", "cast", "cast"},
    {"choose", "chose", "chosen"},
    {"come", "came", "come"},
    {"cost", "cost", "cost"},
    {"cut", "cut", "cut"},
    {"do", "did", "done"},
    {"draw", "drew", "drawn"},
    {"dream", "dreamed", "dreamed"},
    {"drink", "drank", "drunk"},
    {"drive", "drove", "driven"},
    {"eat", "ate", "eaten"},
    {"fall", "fell", "fallen"},
    {"fly", "flew", "flown"},
    {"forbid", "forbade", "forbidden"},
    {"forecast", "forecast", "forecast"},
    {"foresee", "foresaw", "foreseen"},
    {"forget", "forgot", "forgotten"},
    {"forgive", "forgave", "forgiven"},
    {"freeze", "froze", "frozen"},
    {"get", "got", "gotten"},
    {"give", "gave", "given"},
    {"go", "went", "gone"},
    {"grow", "grew", "grown"},
    {"hide", "hid", "hidden"},
    {"hit", "hit", "hit"},
    {"hurt", "hurt", "hurt"},
    {"know", "knew", "known"},
    {"lean", "leaned", "leaned"},
    {"leap", "leaped", "leaped"},
    {"learn", "learned", "learned"},
    {"let", "let", "let"},
    {"lie", "lay", "lain"},
    {"mistake", "mistook", "mistaken"},
    {"mow", "mowed", "mown"},
    {"offset", "offset", "offset"},
    {"overcome", "overcame", "overcome"},
    {"oversee", "oversaw", "overseen"},
    {"overtake", "overtook", "overtaken"},
    {"partake", "partook", "partaken"},
    {"prove", "proved", "proven"},
    {"put", "put", "put"},
    {"quit", "quit", "quit"},
    {"read", "read", "read"},
    {"redo", "redid", "redone"},
    {"reset", "reset", "reset"},
    {"rewrite", "rewrote", "rewritten"},
    {"rid", "rid", "rid"},
    {"ride", "rode", "ridden"},
    {"ring", "rang", "rung"},
    {"rise", "rose", "risen"},
    {"run", "ran", "run"},
    {"saw", "sawed", "sawn"},
    {"see", "saw", "seen"},
    {"set", "set", "set"},
    {"sew", "sewed", "sewn"},
    {"shake", "shook", "shaken"},
    {"shed", "shed", "shed"},
    {"show", "showed", "shown"},
    {"shrink", "shrank", "shrunk"},
    {"shut", "shut", "shut"},
    {"sing", "sang", "sung"},
    {"sink", "sank", "sunk"},
    {"slay", "slew", "slain"},
    {"smell", "smelled", "smelled"},
    {"sow", "sowed", "sown"},
    {"speak", "spoke", "spoken"},
    {"spell", "spelled", "spelled"},
    {"spill", "spilled", "spilled"},
    {"split", "split", "split"},
    {"spoil", "spoiled", "spoiled"},
    {"spread", "spread", "spread"},
    {"spring", "sprang", "sprung"},
    {"steal", "stole", "stolen"},
    {"stink", "stank", "stunk"},
    {"strive", "strove", "striven"},
    {"swear", "swore", "sworn"},
    {"swell", "swelled", "swollen"},
    {"swim", "swam", "swum"},
    {"take", "took", "taken"},
    {"tear", "tore", "torn"},
    {"throw", "threw", "thrown"},
    {"thrust", "thrust", "thrust"},
    {"tread", "trod", "trodden"},
    {"undergo", "underwent", "undergone"},
    {"undertake", "undertook", "undertaken"},
    {"undo", "undid", "undone"},
    {"upset", "upset", "upset"},
    {"wake", "woke", "woken"},
    {"wear", "wore", "worn"},
    {"weave", "wove", "woven"},
    {"withdraw", "withdrew", "withdrawn"},
    {"write", "wrote", "written"},
};

// Nouns whose plural the exception lists have right although no rule tells so.
constexpr std::string_view kIrregularPlurals[] = {"child", "foot", "tooth",      "goose",
                                                  "mouse", "ox",   "phenomenon", "criterion"};

// Others in -o take a mere s: photos.
constexpr std::string_view kWithOes[] = {"do",     "go",   "undergo", "forgo",   "hero",   "potato",
                                         "tomato", "echo", "veto",    "torpedo", "embargo"};

// The ch of these is a k: stomachs.
constexpr std::string_view kHardCh[] = {"epoch", "stomach", "monarch", "patriarch", "tech"};

bool is_vowel(char c) { return std::string_view("aeiou").find(c) != std::string_view::npos; }

bool ends_in_hiss(std::string_view word) {
  return word.ends_with('s') || word.ends_with('x') || word.ends_with('z') ||
         word.ends_with("ch") || word.ends_with("sh");
}

bool ends_in_consonant_y(std::string_view word) {
  return word.size() >= 2 && word.ends_with('y') && !is_vowel(word[word.size() - 2]);
}

// Groups of vowels, a silent e at the end left out: ta-ble, stop, be-gin.
int syllables(std::string_view word) {
  int groups = 0;
  bool inside = false;
  for (const char c : word) {
    const bool vowel = is_vowel(c) || c == 'y';
    groups += vowel && !inside;
    inside = vowel;
  }
  const bool silent = groups > 1 && word.ends_with('e') && !word.ends_with("le") &&
                      !is_vowel(word[word.size() - 2]);
  return groups - (silent ? 1 : 0);
}

// dogs, boxes, bodies, heroes: nouns and verbs alike.
std::string with_s(std::string_view word) {
  if (ends_in_consonant_y(word)) return std::string(word.substr(0, word.size() - 1)) + "ies";
  const bool es = std::find(std::begin(kWithOes), std::end(kWithOes), word) != std::end(kWithOes);
  const bool hard = std::find(std::begin(kHardCh), std::end(kHardCh), word) != std::end(kHardCh);
  return std::string(word) + ((ends_in_hiss(word) && !hard) || es ? "es" : "s");
}

// Not in the exception lists, since morphy has a rule for them: women.
std::string men(std::string_view word) {
  for (const std::string_view other :
       {"human", "german", "roman", "shaman", "talisman", "ottoman"}) {
    if (word == other) return with_s(word);
  }
  return std::string(word.substr(0, word.size() - 2)) + "en";
}

// hope -> hoping, tie -> tying; see -> seeing.
std::string with_ing(std::string_view word) {
  const std::size_t n = word.size();
  if (word.ends_with("ie")) return std::string(word.substr(0, n - 2)) + "ying";
  const bool silent_e = n > 2 && word.ends_with('e') && !word.ends_with("ee") &&
                        !word.ends_with("oe") && !word.ends_with("ye");
  return std::string(silent_e ? word.substr(0, n - 1) : word) + "ing";
}

std::string with_ed(std::string_view word) {
  if (ends_in_consonant_y(word)) return std::string(word.substr(0, word.size() - 1)) + "ied";
  return std::string(word) + (word.ends_with('e') ? "d" : "ed");
}

// travelled, focussed: the lists have them, the single consonant is the usual spelling.
bool doubles_needlessly(std::string_view base, std::string_view form) {
  if (form.size() < base.size() + 2 || syllables(base) < 2) return false;
  const char last = base.back();
  if (form[base.size()] != last) return false;
  const bool stressed = base.ends_with("pel") || base.ends_with("trol") || base.ends_with("cel");
  return (last == 'l' && (!stressed || base == "cancel")) || last == 's' || last == 'p';
}

}  // namespace

Inflector::Inflector(const WordNet& wordnet) : wordnet_(&wordnet) {
  for (std::size_t part = 0; part < kPartsOfSpeech; ++part) {
    for (const auto& [form, lemma] : wordnet.exceptions(static_cast<PartOfSpeech>(part))) {
      irregular_[part][lemma].push_back(form);
    }
  }
  for (const IrregularVerb& verb : kVerbs) {
    if (const auto lemma = wordnet.find(verb.base)) verbs_[*lemma] = {verb.past, verb.participle};
  }
}

const Inflector::Forms& Inflector::irregular(WordNet::Lemma lemma, PartOfSpeech part) const {
  static const Forms none;
  const auto& forms = irregular_[static_cast<std::size_t>(part)];
  const auto found = forms.find(lemma);
  return found == forms.end() ? none : found->second;
}

std::string Inflector::past(WordNet::Lemma verb, bool participle) const {
  if (const auto found = verbs_.find(verb); found != verbs_.end()) {
    return std::string(participle ? found->second.participle : found->second.past);
  }
  const std::string_view base = wordnet_->text(verb);
  for (const std::string_view form : irregular(verb, PartOfSpeech::kVerb)) {
    if (form.ends_with("ing") || form.ends_with('s') || doubles_needlessly(base, form)) continue;
    return std::string(form);
  }
  return with_ed(base);
}

std::string Inflector::gerund(WordNet::Lemma verb) const {
  const std::string_view base = wordnet_->text(verb);
  for (const std::string_view form : irregular(verb, PartOfSpeech::kVerb)) {
    if (form.ends_with("ing") && !doubles_needlessly(base, form)) return std::string(form);
  }
  return with_ing(base);
}

std::optional<std::string> Inflector::plural(WordNet::Lemma noun) const {
  const std::string_view base = wordnet_->text(noun);
  if (is_mass_noun(base)) return std::nullopt;
  if (base == "person") return "people";  // "persons" is for lawyers
  const Forms& forms = irregular(noun, PartOfSpeech::kNoun);
  if (forms.empty()) return base.ends_with("man") ? men(base) : with_s(base);
  const bool known = std::find(std::begin(kIrregularPlurals), std::end(kIrregularPlurals), base) !=
                     std::end(kIrregularPlurals);
  for (const std::string_view form : forms) {
    const bool with_men = base.ends_with("man") && form.ends_with("men");
    const bool es = base.ends_with("is") && form.ends_with("es");
    const bool ves = form.ends_with("ves") && (base.ends_with('f') || base.ends_with("fe"));
    if (known || with_men || es || ves || form == with_s(base)) return std::string(form);
  }
  return std::nullopt;
}

std::optional<std::string> Inflector::graded(WordNet::Lemma adjective, const char* ending) const {
  const std::string_view base = wordnet_->text(adjective);
  for (const std::string_view form : irregular(adjective, PartOfSpeech::kAdjective)) {
    if (form.ends_with(ending)) return std::string(form);
  }
  if (syllables(base) > 1) return std::nullopt;
  return std::string(base) + (base.ends_with('e') ? ending + 1 : ending);
}

std::optional<std::string> Inflector::form(WordNet::Lemma lemma, PartOfSpeech part,
                                           Inflection wanted) const {
  switch (wanted) {
    case Inflection::kBase:
      return std::string(wordnet_->text(lemma));
    case Inflection::kPlural:
      return plural(lemma);
    case Inflection::kThirdPerson:
      return with_s(wordnet_->text(lemma));
    case Inflection::kPast:
      return past(lemma, false);
    case Inflection::kParticiple:
      return past(lemma, true);
    case Inflection::kGerund:
      return gerund(lemma);
    case Inflection::kComparative:
      return graded(lemma, "er");
    case Inflection::kSuperlative:
      return graded(lemma, "est");
  }
  return std::nullopt;
}

Inflection Inflector::inflection_of(std::string_view word, WordNet::Lemma lemma,
                                    PartOfSpeech part) const {
  if (word == wordnet_->text(lemma)) return Inflection::kBase;
  switch (part) {
    case PartOfSpeech::kNoun:
      return Inflection::kPlural;
    case PartOfSpeech::kVerb:
      break;
    case PartOfSpeech::kAdjective:
      return word.ends_with('t') ? Inflection::kSuperlative : Inflection::kComparative;
    case PartOfSpeech::kAdverb:
      return Inflection::kBase;
  }
  if (word.ends_with("ing")) return Inflection::kGerund;
  if (word.ends_with('s')) return Inflection::kThirdPerson;
  const auto found = verbs_.find(lemma);
  const bool told_apart = found != verbs_.end() && found->second.past != found->second.participle;
  return told_apart && word == found->second.participle ? Inflection::kParticiple
                                                        : Inflection::kPast;
}

bool Inflector::past_is_participle(WordNet::Lemma verb) const {
  const auto found = verbs_.find(verb);
  return found == verbs_.end() || found->second.past == found->second.participle;
}

bool takes_an(std::string_view word) {
  for (const std::string_view silent : {"hour", "honest", "honor", "honour", "heir"}) {
    if (word.starts_with(silent)) return true;
  }
  for (const std::string_view spoken :
       {"uni", "use", "usa", "usu", "eu", "one", "once", "ubi", "uti"}) {
    // "unimportant" begins as "in" does.
    if (word.starts_with(spoken)) return word.starts_with("unim") || word.starts_with("unin");
  }
  return !word.empty() && is_vowel(word[0]);
}

}  // namespace arf
