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
    "able absolutely aby acre add adopt advertising aid alarm allow alone altogether amount "
    "answer appear apply ask assistant attempt attribute authority babe baby back bad bank be "
    "bear become beginning believe beloved benefit bet bit block board boner booty bounce boy "
    "break bring brown brush bulk bullet bunch burst bust calculating call cant case cast catch "
    "cause cc cent center central century challenge chance character charge check cheers child "
    "choice class clockwise cm cognition come comic compel complaint compute computing concluding "
    "connected conquer consider consumption continue contribute cost course cover crap creep crop "
    "cry cup curious current cursed cus cut damned dank date day dear decade decide degree "
    "deposit desert die different director dive divert divide do dollar domain draft draw drive "
    "earth eat eats echo ect effect effort elderly element embrace employment encouraging end "
    "engage engagement engineering equal euro eventually everyday ex exercise expect extra eye "
    "face fact faith fall family fashion fault faux feature feeding feel figure file finally "
    "financial find finding fine finish fire firm first fit flat fly focus foliage foot form "
    "foster frame free full further gain gallon gay gear get girl git give globe go golden good "
    "gram great grime ground grow grunge guess guide hail hand happen hard have head headache "
    "high hit hold holiday hooker host hour hurt idea ill image impression impulse inch include "
    "increase intake intent introduce issue job keep key kg kill kilogram kilometer kind km knit "
    "know last lavender lay lb lead leave left leftover legacy lend let level lie light line link "
    "liter litre live load log long look lose lot low mag make man manager manifest many market "
    "marketing matter mean measure meet mention merry meteoroid meter metre mg middle mile "
    "milliliter min mine minus minute mix mixed ml mm mode model monger mongering month "
    "motivation move much multiply name nationalism natty need net new next nifty note notion "
    "novel number nutrient object observe offer old only ontogeny open order other ounce overcome "
    "own pa pant park part partner pass pay people percent percentage perfectly person philosophy "
    "pitch place plain plan plant play plus point police portion post potential pound preserve "
    "press print process product program project projected promote promotion province pt public "
    "publish pull pursue put puzzle query question quit race raise range rate reach read real "
    "recommend record red regard regardless religious rely remaining remember repeat report "
    "require respect response responsibility rest result rev rid right risk roar rock root round "
    "run runner same say scale scope seal season second secure see seem sell send sense serve "
    "server set settlement shed shift shock shooting short shut side simply slit soon sort sound "
    "source speed spell spend sphere spiritual split spot spread spring stage stand state static "
    "stay step stick stock stone stop story straight stress strike strip study style subject "
    "subtract suggest suit sum sure surrounding survey swollen table take task team technology "
    "tell term terrific territory thing think thought thread three thrust thunder tie tilt time "
    "title ton torn total track train trending trip true try turn twist type use varieties veg "
    "view volume walk want wave way wear weave wed week well wet wind winding woman wont word "
    "work worth xe yard year";

// "/n": as a noun only.
constexpr std::string_view kOdd =
    "abstract accent accentuate actuate admit ado affectionate affiliate affiliated agenda "
    "analogue antecedent antic apothecary apprehend arouse artistry assemblage assist/n assurance "
    "attached badly ballyhoo barkeep baronial bask beast bedamn belowground bequest bid blithely "
    "bloke border bordering bound brook bundle buy/n candidly cardinal chase cheery clang clangor "
    "clash class clearness clutch cm cms coffeehouse colloquial comic commercialism conception "
    "concluding conduct confine connote construe contrive controller craggy creativeness crook "
    "crummy cryptic curst dark darling dear decidedly defeat deficiency defy deliverance delve "
    "despatch deviate diam diminutive dispense disperse disregardless disruptive dog drapery "
    "dwell dwellers edifice effectuate effort emphatically encipher engagement enlargement "
    "enliven enrol enroll ensue entranceway environ epic erudite escapade everlastingly exert "
    "existence expectancy fault feather fetid fiscal flatus fleet foliage fond foreclose foreman "
    "forestall forthwith found frightening fulfil furious furnish gag gain gauge gay gayly gilt "
    "ginmill go goddam ground grownup grub gull gut handicap hayfield headache healer honkytonk "
    "hulking hunch hurt husbandry hydrous icebox illest illustrious imitation incertain incite "
    "incline inexorable infirmary inscrutable instil instrumentalist integrity interminable "
    "interweave invariably investigator irrespective ism jaw jeopardy jimmy john jubilantly keep "
    "lad laugh/n laughter launch lavatory leaf lifelike light load luncheon lunkhead ma mama "
    "mamma men menace mentality merchandise metropolis middle mike milieu mill minor mode mortal "
    "motive mouth multitudinous mundane net nutrient oath oblige observe occupant oftentimes "
    "onrush ordain oxen pa panther parson patriotism patronize pay peculiar peculiarly perfectly "
    "perpetrate pertain petite petition pl play/n populace pore potency potentiality precedence "
    "present presently prick privy procreative profit profitably proletariat prompt proscribe "
    "protestation queer reason reexamine regain regard regime rely rend repeat reposeful restive "
    "reward/n ricochet rupture salient saloon salvage sanction sarcasm satire savvy say scheme "
    "schoolroom seacoast septic shibboleth singular sis slug snowfall snub sonority speedily "
    "spring squash state stimulant stray stuff stupor style suited sunny sunray sunstruck "
    "superintend survey systematically tent tenting thaw throttle total touchstone transcend "
    "transcendental transverse tread trio try/n typewriting ultra uncover underside unluckily "
    "unnumbered unparalleled unremarkable unsloped upshot vacate valuation vanquish vaquero vast "
    "vocation vote voting warfare wet wing wondrous woolgather";

// Verbs that often stand without an object, as their synonyms do not: "it changed", "they hide".
constexpr std::string_view kTransitive =
    "change complete cross decrease display enable fix hide improve increase pollute protect "
    "reduce repair reveal ruin understand vary";

constexpr std::string_view kMass =
    "advice ammunition anger assistance astonishment attire baggage bravery bread cash cloth "
    "clothing commerce courage debris desperation dirt dust equipment evidence food freedom "
    "freight fun furniture garb garbage gasoline happiness hardware harm health homework "
    "housework ice information involvement jewelry joy knowledge laundry luck luggage machinery "
    "manpower math merchandise milk money mud music patience peace poetry pottery publicity rain "
    "research rice rubbish rubble sadness sand scenery snow software traffic trash utilization "
    "waste water wealth weariness weather";

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

bool needs_object(std::string_view verb) {
  static const TextViewSet verbs = set_of(kTransitive);
  return verbs.contains(verb);
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
