#include "augment/word_class.h"

#include <string>
#include <unordered_map>
#include <unordered_set>

#include "core/hash.h"

namespace arf {
namespace {

struct TextHash {
  std::size_t operator()(std::string_view text) const { return xxh64(text); }
};

struct ClassWords {
  WordClass word_class;
  std::string_view words;
};

constexpr ClassWords kClasses[] = {
    {WordClass::kArticle, "a an"},
    {WordClass::kDeterminer,
     "the this that these those my your his her its our their whose every each some any no another "
     "either neither which what such both all whatever"},
    {WordClass::kPronoun,
     "i he she we they who you it there everyone everybody someone somebody "
     "anyone anybody nobody one"},
    {WordClass::kObject,
     "me him us them myself yourself himself herself itself ourselves themselves yourselves "
     "something anything nothing everything mine yours hers ours theirs whom none others other"},
    {WordClass::kOf, "of"},
    {WordClass::kPreposition,
     "in on at by for with from into onto upon about against between among amongst through "
     "during before after above below under over near behind beside besides beyond within without "
     "toward towards across along around throughout despite except per via until till since like "
     "unlike as than versus vs inside outside amid concerning regarding including due"},
    {WordClass::kParticle, "up down out off away back together apart aside forth forward ahead by"},
    {WordClass::kConjunction,
     "and or but nor so yet because although though if unless while whereas when whenever where "
     "wherever whether how why therefore thus hence however moreover furthermore"},
    {WordClass::kModal,
     "can could will would shall should may might must do does did cannot don't doesn't didn't "
     "can't couldn't won't wouldn't shouldn't mustn't needn't mightn't shan't let's i'll you'll "
     "he'll she'll it'll we'll they'll i'd you'd he'd she'd we'd they'd ought dare gonna wanna"},
    {WordClass::kTo, "to"},
    {WordClass::kBe,
     "be am is are was were been being isn't aren't wasn't weren't i'm you're he's she's it's "
     "we're "
     "they're that's there's here's what's who's where's how's ain't"},
    {WordClass::kHave, "have has had having haven't hasn't hadn't i've you've we've they've"},
    {WordClass::kDegree,
     "very too quite rather more most less least extremely really fairly pretty highly so as "
     "increasingly particularly especially incredibly"},
    {WordClass::kAdverb,
     "not never also just only even still already always often sometimes usually then now soon "
     "again once twice ever maybe perhaps almost nearly well else instead together here there "
     "first last next later ago far long early late today tomorrow yesterday tonight yes no please "
     "ok okay hello hi hey thanks thank goodbye bye well oh ah wow hmm etc eg ie"},
    {WordClass::kQuantity,
     "zero two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
     "sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety "
     "hundred hundreds thousand thousands million millions billion billions dozen dozens half "
     "halves third "
     "thirds quarter quarters fourth fifth sixth seventh eighth ninth tenth second double triple "
     "many much few fewer several enough lot lots plenty little couple pair single"},
    {WordClass::kOther,
     "january february march april may june july august september october november december monday "
     "tuesday wednesday thursday friday saturday sunday mr mrs ms dr am pm"},
};

constexpr std::string_view kKept =
    // Verbs that mean little by themselves, or stand in fixed phrases.
    "be have do make get go take give come put set let keep see know think say tell want need look "
    "seem find use become feel leave work call ask try turn run hold bring play move live believe "
    "happen stand lose pay meet include continue stop add spend grow open walk offer remember "
    "consider appear serve die send expect stay fall cut reach kill raise pass sell require report "
    "decide pull read hit eat cover catch draw drive break wear cause point cost lie lay bear bet "
    "cast burst shut spread split quit thrust rid hurt fit knit slit wed wet shed "
    // Arithmetic and units.
    "number total sum amount minus plus time equal percent percentage dollar cent pound euro foot "
    "inch mile meter metre kilometer kilogram gram ounce liter litre gallon cup second minute hour "
    "day week month year decade century degree ton yard acre subtract multiply divide "
    // Nouns of fixed phrases and wide meaning.
    "thing way man woman person people child boy girl kind sort type part place point case fact "
    "end side hand head eye face back line lot bit name order right left word question "
    // Adjectives and adverbs of the same kind.
    "good bad new old high low long short great own same different other first last next many much "
    "right left sure true real full free able only well";

constexpr std::string_view kOdd =
    "mortal beast jeopardy speedily gayly oftentimes escapade cardinal queer throttle";

// These are common words, too; a capital at the beginning of a sentence may be a name's.
constexpr std::string_view kNames =
    "mark bill rose will grace jack frank ray pat drew sue dawn faith hope joy may june april art "
    "bob chase chip clay cliff dale dean don earl gene grant guy hank harry heather iris ivy "
    "jasmine jean josh lance lily max miles nick olive penny peter pierce randy reed rich rob "
    "robin "
    "ruby rusty sandy skip stew summer tony victor violet wade ward warren woody carol christian "
    "daisy ginger hazel holly jimmy john johnny tom billy bobby ben sam dan jake kit lee lou mary "
    "matt mike ned norman page phil rod roman ross roy sally sherry sonny terry tim toni trey "
    "amber angel autumn brook bud buck buddy chance charity cherry crystal destiny earnest ernest "
    "eve felicity fern florence flora forest forrest glen harmony honor jade jet junior king "
    "liberty "
    "mercy melody misty opal paris patience pearl prince prudence reuben sage sky sterling stone "
    "star stormy trinity troy virgil willow wren skyler candy fanny dick willy major laurel";

using WordSet = std::unordered_set<std::string_view, TextHash>;

// The next word of a list that single spaces part; empty at the end.
std::string_view take_word(std::string_view* list) {
  const std::size_t end = std::min(list->find(' '), list->size());
  const std::string_view word = list->substr(0, end);
  list->remove_prefix(std::min(end + 1, list->size()));
  return word;
}

WordSet set_of(std::string_view list) {
  WordSet words;
  while (!list.empty()) words.insert(take_word(&list));
  return words;
}

// The first class that lists a word is its class.
std::unordered_map<std::string_view, WordClass, TextHash> class_table() {
  std::unordered_map<std::string_view, WordClass, TextHash> table;
  for (ClassWords entry : kClasses) {
    while (!entry.words.empty()) table.emplace(take_word(&entry.words), entry.word_class);
  }
  return table;
}

const std::unordered_map<std::string_view, WordClass, TextHash>& classes() {
  static const auto table = class_table();
  return table;
}

}  // namespace

WordClass word_class(std::string_view word) {
  const auto found = classes().find(word);
  if (found != classes().end()) return found->second;
  return word.ends_with("'s") ? WordClass::kDeterminer : WordClass::kOpen;
}

std::vector<std::string_view> function_words() {
  std::vector<std::string_view> words;
  for (const auto& [word, word_class] : classes()) words.push_back(word);
  return words;
}

bool is_kept_lemma(std::string_view lemma) {
  static const WordSet kept = set_of(kKept);
  return kept.contains(lemma);
}

bool is_odd_synonym(std::string_view lemma) {
  static const WordSet odd = set_of(kOdd);
  return odd.contains(lemma);
}

bool is_given_name(std::string_view word) {
  static const WordSet names = set_of(kNames);
  return names.contains(word);
}

}  // namespace arf
