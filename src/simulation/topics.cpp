#include "simulation/topics.h"

#include "simulation/words.h"

namespace arf {

std::span<const char* const> numbers() {
  static const char* const kNumbers[] = {"three", "five", "eight", "ten", "twelve", "twenty"};
  return kNumbers;
}

const std::vector<Topic>& topics() {
  static const std::vector<Topic> kTopics = {
      {"eggs",
       {"boil the eggs", "peel the eggs", "fry the eggs", "store the eggs"},
       {"boil them for {n} minutes, then crack the shell", "fry them until the yolk is firm",
        "keep them in the box for {n} days", "first test one in water, then peel it"},
       {"eggs", "egg", "shell", "yolk", "peel", "boil"}},
      {"fern",
       {"water the fern", "move the fern", "feed the fern", "trim the fern"},
       {"give it water every {n} days", "first loosen the roots, then add soil",
        "cut the brown leaves twice a year", "put the pot near a window for {n} weeks"},
       {
           "fern",
           "plant",
           "soil",
           "roots",
           "leaves",
       }},
      {"trip",
       {"plan the trip", "pack for the trip", "book the trip", "pay for the trip"},
       {"book the seats {n} weeks before", "first roll the clothes, then fill the suitcase",
        "ask the hotel for {n} nights", "be at the station {n} minutes early"},
       {"trip", "seats", "suitcase", "hotel", "station", "ticket"}},
      {"bike",
       {"clean the bike", "repair the bike", "lock the bike", "ride the bike"},
       {"first lift out the tube, then patch the tyre", "put {n} drops of oil on the chain",
        "turn the screw of the brakes twice", "pump the tyre until it is hard"},
       {"bike", "tyre", "tube", "chain", "brakes", "pump"}},
      {"letter",
       {"write the letter", "end the letter", "mail the letter", "fold the letter"},
       {"first greet them, then write {n} lines", "put a stamp on the envelope, then mail it",
        "sign it twice in blue ink", "fold it until it fits the envelope"},
       {"letter", "envelope", "stamp", "ink", "mail"}},
      {"phone",
       {"charge the phone", "clean the phone", "mute the phone", "update the phone"},
       {"delete {n} apps, then restart it", "dim the screen until the battery lasts",
        "plug in the charger for {n} minutes", "first open the settings, then mute the apps"},
       {"phone", "apps", "screen", "battery", "charger", "settings"}},
      {"bread",
       {"bake the bread", "slice the bread", "freeze the bread", "warm the bread"},
       {"knead the dough for {n} minutes", "let the yeast rest until it is twice as high",
        "first heat the oven, then bake for {n} minutes", "add flour every {n} minutes"},
       {"bread", "dough", "yeast", "oven", "bake", "flour", "knead"}},
      {"coffee",
       {"brew the coffee", "grind the coffee", "store the coffee", "sweeten the coffee"},
       {"grind the beans for {n} seconds", "rinse the filter twice",
        "let it brew for {n} minutes, then fill the mug", "first warm the mug, then pour"},
       {"coffee", "beans", "grind", "filter", "brew", "mug"}},
      {"bed",
       {"make the bed", "warm the bed", "move the bed", "build the bed"},
       {"shake the pillow twice", "first open the blanket, then wait {n} minutes",
        "turn the mattress every {n} weeks", "change the sheets every {n} days"},
       {"bed", "pillow", "blanket", "mattress", "sheets"}},
      {"race",
       {"run the race", "enter the race", "finish the race", "plan the race"},
       {"run {n} miles every week", "first warm up, then jog for {n} minutes",
        "rest until {n} minutes before the start, then jog", "tie the shoes twice"},
       {"race", "run", "jog", "miles", "shoes"}},
      {"guitar",
       {"tune the guitar", "clean the guitar", "hold the guitar", "play the guitar"},
       {"tune the strings from low to high twice", "press the chord and strum {n} times",
        "first loosen the strings, then wipe it", "play {n} chords every evening"},
       {"guitar", "strings", "chord", "chords", "strum", "tune"}},
      {"shirt",
       {"iron the shirt", "wash the shirt", "dye the shirt", "fold the shirt"},
       {"rub salt on the stain for {n} minutes", "first soak the collar, then wash it",
        "iron the collar until it is flat", "hang it up within {n} minutes of the wash"},
       {"shirt", "stain", "collar", "wash", "iron"}},
      {"puppy",
       {"feed the puppy", "bathe the puppy", "teach the puppy", "walk the puppy"},
       {"hold up a treat until it sits", "stop every time it pulls the leash",
        "first call it, then give a treat", "walk it on the leash for {n} minutes"},
       {"puppy", "dog", "treat", "leash", "bark"}},
      {"wall",
       {"paint the wall", "clean the wall", "measure the wall", "repair the wall"},
       {"first tape the edges, then paint", "use the roller twice and wait {n} hours",
        "fill the cracks, then sand them for {n} minutes", "put on primer and wait {n} hours"},
       {"wall", "paint", "roller", "primer", "cracks", "tape"}},
      {"budget",
       {"make the budget", "plan the budget", "share the budget", "cut the budget"},
       {"put {n} percent into savings", "first list the bills, then the income",
        "check the bank account every {n} days", "cut the bills until the savings grow"},
       {"budget", "savings", "bills", "income", "bank"}},
      {"exam",
       {"study for the exam", "pass the exam", "retake the exam", "plan the exam"},
       {"read {n} pages every day", "first skim the chapter, then take notes",
        "study for {n} minutes, then rest", "go over the notes twice"},
       {"exam", "study", "chapter", "notes", "pages"}},
      {"pool",
       {"heat the pool", "clean the pool", "enter the pool", "cover the pool"},
       {"swim {n} lengths, then rest", "skim it until nothing floats",
        "add chlorine every {n} days", "first rinse, then float for {n} seconds"},
       {"pool", "swim", "float", "floats", "chlorine"}},
      {"party",
       {"plan the party", "host the party", "end the party", "pay for the party"},
       {"invite the guests {n} days before", "hang {n} balloons, then light the candles",
        "first count the guests, then order the cake", "play {n} songs until the cake is gone"},
       {"party", "guests", "balloons", "candles", "cake"}},
      {"camera",
       {"hold the camera", "clean the camera", "set up the camera", "carry the camera"},
       {"hold the lens still for {n} seconds", "first focus, then take {n} photos",
        "wipe the lens twice with a dry cloth", "keep the flash off until it is dark"},
       {"camera", "lens", "focus", "photos", "flash"}},
      {"soup",
       {"cook the soup", "thicken the soup", "season the soup", "freeze the soup"},
       {"simmer it for {n} minutes", "first fry the onions, then add broth",
        "stir the lentils until it is thick", "skim the broth every {n} minutes"},
       {"soup", "broth", "onions", "lentils", "simmer"}},
  };
  return kTopics;
}

std::optional<std::size_t> topic_of(const std::string& text) {
  const std::string plain = plain_words(text);
  std::optional<std::size_t> best;
  int most = 0;
  for (std::size_t t = 0; t < topics().size(); ++t) {
    const int count = count_cues(plain, topics()[t].cues);
    if (count <= most) continue;
    most = count;
    best = t;
  }
  return best;
}

}  // namespace arf
