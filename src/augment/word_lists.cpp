#include "augment/word_lists.h"

#include <algorithm>
#include <iterator>
#include <string>

#include "core/text_hash.h"

namespace arf {
namespace {

// clang-format off
// Light verbs, units, words of arithmetic, words of fixed phrases, and words whose everyday meaning
// is not the one that WordNet's text of the 1960s met most ("server", "cell").
constexpr std::string_view kKept =
    "able acre add adopt advertising alarm allow alone altogether amount answer appear apply "
    "ask assistant attempt attribute authority back bad bank be bear become beginning believe "
    "beloved benefit bet bit block board bounce boy break bring brown brush bulk burst "
    "calculating call case cast catch cause cc cent center century challenge chance character "
    "charge check child choice class cm cognition come compel complaint compute computing "
    "connected conquer consider consumption continue contribute cost course cover crop cup "
    "curious current cut date day dear decade decide degree deposit desert die different "
    "director divert divide do dollar domain draft draw drive earth eat effect effort elderly "
    "element embrace employment encouraging end engage engagement engineering equal euro "
    "eventually everyday exercise expect extra eye face fact faith fall family fashion feature "
    "feel figure file finally financial find finding fine fire firm first fit flat fly focus "
    "foliage foot form foster frame free full further gain gallon gear get girl give globe go "
    "golden good gram great ground grow guess guide hand happen hard have head headache high "
    "hit hold holiday host hour hurt idea image impression impulse inch include increase intake "
    "introduce issue keep key kg kill kilogram kilometer kind km knit know last lavender lay lb "
    "lead leave left legacy lend let level lie light line link liter litre live load log long "
    "look lose lot low make man manager many market marketing matter measure meet mention "
    "meteoroid meter metre mg middle mile milliliter min mine minus minute mix mixed ml mm mode "
    "model month motivation move much multiply name nationalism need net new next note notion "
    "novel number nutrient object observe offer old only ontogeny open order other ounce "
    "overcome own pa pant park part partner pass pay people percent percentage person "
    "philosophy pitch place plain plan plant play plus point portion post potential pound "
    "preserve press print process product program project promote promotion province public "
    "publish pull pursue put puzzle query question quit race raise range rate reach read real "
    "recommend record red regard regardless religious rely remaining remember repeat report "
    "require respect response responsibility rest result rid right risk roar rock root round "
    "run runner same say scale scope seal season second secure see seem sell send sense serve "
    "server set settlement shed shift shock short shut side simply slit soon sort sound source "
    "speed spell spend sphere spiritual split spot spread spring stage stand state static stay "
    "step stick stock stone stop story stress strike strip study style subject subtract suggest "
    "suit sum sure surrounding survey table take task team technology tell term territory thing "
    "think thought thrust thunder tie tilt time title ton total track train trip true try turn "
    "twist type use view volume walk want wave way wear weave wed week well wet woman word work "
    "worth yard year";

// "/n": as a noun only.
constexpr std::string_view kOdd =
    "abstract accent accentuate actuate admit ado affiliate affiliated agenda analogue "
    "antecedent antic apothecary apprehend arouse artistry assemblage assist/n assurance "
    "attached ballyhoo barkeep baronial bask beast belowground bequest bid blithely border "
    "bordering bound brook bundle buy/n cardinal chase cheery clang clangor clash class "
    "clearness clutch colloquial comic commercialism conception concluding conduct confine "
    "connote construe contrive controller craggy creativeness crook crummy cryptic dark darling "
    "dear decidedly defeat deficiency defy deliverance delve deviate diam diminutive dispense "
    "disperse disregardless disruptive dog edifice effectuate effort emphatically encipher "
    "engagement enlargement enliven enrol enroll ensue entranceway environ epic erudite "
    "escapade everlastingly exert existence expectancy fault feather fiscal fleet foliage fond "
    "foreclose foreman forestall found frightening fulfil furious gag gain gauge gay gayly gilt "
    "ginmill go ground grownup gut handicap hayfield headache healer hulking hunch hurt "
    "husbandry hydrous icebox illustrious imitation incertain incite incline inexorable "
    "infirmary inscrutable instil instrumentalist integrity interminable interweave invariably "
    "irrespective ism jaw jeopardy jimmy john jubilantly keep lad laugh/n launch lavatory leaf "
    "lifelike light load luncheon ma mama mamma men menace mentality merchandise metropolis "
    "middle milieu mill minor mode mortal motive mouth multitudinous mundane net nutrient oath "
    "oblige observe oftentimes onrush ordain panther parson patriotism patronize pay peculiar "
    "peculiarly perfectly perpetrate pertain petite petition pl play/n populace pore potency "
    "potentiality precedence present presently privy procreative profit profitably proletariat "
    "prompt proscribe protestation queer reason reexamine regain regard regime rely rend repeat "
    "reposeful restive reward/n ricochet rupture salient saloon salvage sanction sarcasm satire "
    "savvy say scheme seacoast septic shibboleth singular sis snub sonority speedily squash "
    "state stimulant stray stuff stupor style suited sunstruck superintend survey "
    "systematically tent thaw throttle total touchstone transcend transcendental transverse "
    "tread try/n typewriting ultra uncover underside unnumbered unparalleled unremarkable "
    "unsloped upshot vacate valuation vanquish vast vocation vote voting warfare wet wing "
    "woolgather";

constexpr std::string_view kMass =
    "advice ammunition anger assistance astonishment attire baggage bravery bread cash clothing "
    "commerce courage debris desperation dirt dust equipment evidence food freedom freight fun "
    "furniture garb garbage gasoline happiness hardware harm health homework housework ice "
    "information involvement jewelry joy knowledge laundry luck luggage machinery manpower math "
    "merchandise milk money mud music patience peace poetry pottery publicity rain research "
    "rice rubbish rubble sadness sand scenery snow software traffic trash utilization waste "
    "water wealth weariness weather";

constexpr std::string_view kNames =
    "amber angel april art autumn ben bill billy bob bobby brook buck bud buddy candy carol "
    "chance charity chase cherry chip christian clay cliff crystal daisy dale dan dawn dean "
    "destiny dick don drew earl earnest ernest eve faith fanny felicity fern flora florence "
    "forest forrest frank gene ginger glen grace grant guy hank harmony harry hazel heather "
    "holly honor hope iris ivy jack jade jake jasmine jean jet jimmy john johnny josh joy june "
    "junior king kit lance laurel lee liberty lily lou major mark mary matt max may melody "
    "mercy mike miles misty ned nick norman olive opal page paris pat patience pearl penny "
    "peter phil pierce prince prudence randy ray reed reuben rich rob robin rod roman rose ross "
    "roy ruby rusty sage sally sam sandy sherry skip sky skyler sonny star sterling stew stone "
    "stormy sue summer terry tim tom toni tony trey trinity troy victor violet virgil wade ward "
    "warren will willow willy woody wren";
// clang-format on

TextViewSet set_of(std::string_view list) {
  TextViewSet words;
  while (!list.empty()) words.insert(take_word(&list));
  return words;
}

}  // namespace

std::string_view take_word(std::string_view* list) {
  const std::size_t end = std::min(list->find(' '), list->size());
  const std::string_view word = list->substr(0, end);
  list->remove_prefix(std::min(end + 1, list->size()));
  return word;
}

bool is_kept_lemma(std::string_view lemma) {
  static const TextViewSet kept = set_of(kKept);
  return kept.contains(lemma);
}

bool is_odd_synonym(std::string_view lemma, PartOfSpeech part) {
  static const TextViewSet odd = set_of(kOdd);
  if (odd.contains(lemma)) return true;
  return part == PartOfSpeech::kNoun && odd.contains(std::string(lemma) + "/n");
}

bool is_mass_noun(std::string_view lemma) {
  static const TextViewSet mass = set_of(kMass);
  return mass.contains(lemma);
}

bool is_given_name(std::string_view word) {
  static const TextViewSet names = set_of(kNames);
  return names.contains(word);
}

}  // namespace arf
