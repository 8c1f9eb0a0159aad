#include <string>

#include "augment/word_lists.h"
#include "core/text_hash.h"

namespace arf {
namespace {

// clang-format off
constexpr std::string_view kUnfit =
    "absolutely/utterly accordingly/consequently adorable/endearing affair/matter agency/bureau "
    "aggressively/sharply aid/assistance allocate/apportion announcement/proclamation "
    "antagonist/adversary assess/appraise assumption/premise awful/terribly badly/severely "
    "bang/smash bash/sock bastard/prick beast/animal beast/creature beckon/wave blackness/black "
    "blaze/glare blazing/glaring boast/brag boring/irksome boring/tiresome boring/wearisome "
    "buddy/crony bundle/package bundle/packet calculated/deliberate camping/tenting "
    "champion/champ cheeky/brash chronicle/account clock/time closet/cupboard cloth/textile "
    "clumsy/ungainly cluster/bunch cluster/clump committee/commission commonly/ordinarily "
    "commonly/usually companion/comrade compile/accumulate completely/wholly component/element "
    "comrade/companion conception/concept concerted/cooperative conduct/behavior confirm/affirm "
    "confirm/corroborate confirm/substantiate consequence/result consequently/accordingly "
    "contend/postulate contradict/belie counseling/guidance cowboy/puncher crawl/creep "
    "creature/animal creep/crawl criminal/outlaw crimson/red criterion/standard curate/minister "
    "curse/swear curved/curving deep/profoundly deeply/profoundly deficiency/lack "
    "delightful/delicious delude/deceive deluded/deceived deprived/stripped "
    "desegregation/integration deserve/merit desperately/urgently detect/notice dirty/soiled "
    "dirty/unclean disappointed/frustrated dismiss/discount display/exhibit distorted/falsified "
    "district/territory doctrine/philosophy dominate/predominate doom/destine drift/float "
    "dumbass/lunkhead eat/feed eating/feeding elaborate/expound encompass/embrace "
    "encourage/promote enjoy/savor ensure/assure enterprise/endeavor entirely/wholly "
    "envision/fancy estimate/approximation evaluate/appraise exert/exercise extended/lengthy "
    "fabric/textile famous/noted fault/error feat/exploit float/drift flush/blush fool/gull "
    "forever/eternally frightening/dreadful fringe/periphery frustrate/thwart frustrated/thwarted "
    "frustrating/thwarting gadget/contrivance give/grant given/granted glimpse/glance glue/paste "
    "granted/given grave/solemn healing/therapeutic hesitant/hesitating honestly/candidly "
    "honor/reward horrible/frightful horrible/horrifying household/family immensely/vastly "
    "important/significant incarceration/captivity inhabitant/dweller inherent/integral "
    "injury/harm instance/case insult/affront introduction/debut kid/youngster kudos/praise "
    "laugh/laughter legend/caption lettering/inscription listener/hearer marked/pronounced "
    "marketer/vendor mass/aggregate merchandise/product merge/unify minister/curate "
    "miscellaneous/mixed mortal/person neighborhood/locality neighborhood/vicinity "
    "normally/commonly normally/ordinarily notice/detect nutritious/nutritive obscure/vague "
    "obstacle/obstruction obviously/plainly opportunity/chance opposition/resistance panic/terror "
    "peculiar/curious phone/telephone picture/fancy pile/heap please/delight pleasing/delighting "
    "portrait/portrayal prescribe/dictate prevalent/prevailing proletariat/labor "
    "pronounce/enunciate provide/furnish purpose/aim purpose/intent quick/promptly race/rush "
    "radical/ultra rage/storm raging/storming randomly/arbitrarily rapid/rapidly reason/conclude "
    "reasonable/sensible recently/lately recover/retrieve recreation/diversion relate/associate "
    "relate/link related/associated related/linked relieve/alleviate relieved/alleviated "
    "remain/stay remainder/rest remarkably/unusually renowned/noted reputation/repute "
    "researcher/investigator resident/occupant resistance/opposition resounding/resonant "
    "respond/react retrieve/recover rush/race sarcasm/irony satire/irony scent/perfume "
    "seriously/earnestly shooting/shot sick/ill simulate/imitate sin/sinfulness "
    "singular/remarkable slay/murder sleep/slumber smuggler/runner spread/distribute "
    "standard/criterion stay/remain super/exceedingly supply/furnish suppress/conquer swear/curse "
    "terror/panic totally/wholly tower/hulk towering/hulking tragedy/calamity trance/spell "
    "ultimately/finally understandable/intelligible unfortunately/unluckily upcoming/approaching "
    "usually/commonly usually/ordinarily vague/obscure violation/misdemeanor violin/fiddle "
    "weird/uncanny wonderful/wondrous workforce/manpower";
// clang-format on

TextViewSet pairs() {
  TextViewSet found;
  for (std::string_view list = kUnfit; !list.empty();) found.insert(take_word(&list));
  return found;
}

}  // namespace

bool is_unfit_pair(std::string_view word, std::string_view synonym) {
  static const TextViewSet unfit = pairs();
  return unfit.contains(std::string(word) + '/' + std::string(synonym));
}

}  // namespace arf
