#include "augment/word_class.h"

#include <unordered_map>

#include "augment/word_lists.h"
#include "core/text_hash.h"

namespace arf {
namespace {

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
     "anyone anybody nobody one ones yall y'all"},
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
     "he'll she'll it'll we'll they'll i'd you'd he'd she'd we'd they'd ought dare gonna wanna "
     "dont doesnt didnt cant couldnt wont wouldnt shouldnt mustnt gotta youll theyll id"},
    {WordClass::kTo, "to"},
    {WordClass::kBe,
     "be am is are was were been being isn't aren't wasn't weren't i'm you're he's she's it's "
     "we're "
     "they're that's there's here's what's who's where's how's ain't im youre theyre thats theres "
     "whats isnt arent wasnt "
     "werent aint"},
    {WordClass::kHave,
     "have has had having haven't hasn't hadn't i've you've we've they've ive youve weve "
     "theyve havent hasnt hadnt"},
    {WordClass::kDegree,
     "very too quite rather more most less least really fairly pretty highly so as "
     "increasingly"},
    {WordClass::kAdverb,
     "not never also just only even still already always sometimes then now "
     "again once twice ever well else instead together here there "
     "first last next later ago far long early late today tomorrow yesterday tonight yes no please "
     "ok okay hello hi hey thanks thank goodbye bye well oh ah wow hmm etc eg ie "
     "yeah yep yup nope nah lol lmao omg wtf haha btw imo imho tbh idk"},
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

}  // namespace arf
