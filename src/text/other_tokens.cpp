#include "text/other_tokens.h"

#include <string_view>
#include <unordered_map>

#include "core/error.h"
#include "core/json.h"
#include "core/text_hash.h"

namespace arf {
namespace {

class OtherTokens {
 public:
  OtherTokens(const std::vector<AddedToken>& added, const std::string& folder) : folder_(folder) {
    for (const AddedToken& token : added) added_.emplace(token.content, &token);
  }

  // Each token with its flags, whatever its id.
  void refuse_in_decoder(const SortedJson& decoder, const char* file) const {
    if (!decoder.is_object()) return;
    for (const SortedJson& token : decoder) {
      const AddedToken* const ours = find(token);
      const auto flag = [&](const char* name, bool otherwise) {
        const auto found = token.find(name);
        return found != token.end() && found->is_boolean() ? found->get<bool>() : otherwise;
      };
      if (!ours || !token.is_object()) refuse(file, "added_tokens_decoder", token);
      const bool special = flag("special", false);
      const bool same = ours->special == special &&
                        ours->normalized == flag("normalized", !special) &&
                        ours->takes_spaces_before == flag("lstrip", false) &&
                        ours->takes_spaces_behind == flag("rstrip", false) &&
                        ours->single_word == flag("single_word", false);
      if (!same) {
        input_error(
            "{}/{}: `added_tokens_decoder` has the token {} with other flags than tokenizer.json; "
            "save the tokenizer anew (transformers: save_pretrained)",
            folder_, file, content_of(token).dump());
      }
    }
  }

  // bos_token and all others of that ending, and lists or tables of further ones.
  void refuse_named(const SortedJson& json, const char* file) const {
    for (const auto& [key, value] : json.items()) {
      if (value.is_null() || value.is_boolean()) continue;  // as in `add_bos_token`
      if (key == "additional_special_tokens" || key == "extra_special_tokens") {
        if (!value.is_structured()) refuse_kind(file, key, value, "a list of tokens");
        for (const SortedJson& token : value) refuse_unless_ours(file, key.c_str(), token);
      } else if (key.ends_with("_token")) {
        if (!value.is_string() && !value.is_object()) refuse_kind(file, key, value, "a token");
        refuse_unless_ours(file, key.c_str(), value);
      }
    }
  }

  void refuse_listed(const SortedJson& ids, const char* file) const {
    for (const auto& [content, id] : ids.items()) refuse_unless_ours(file, "", content);
  }

 private:
  static SortedJson content_of(const SortedJson& token) {
    return token.is_object() ? token.value("content", SortedJson()) : token;
  }

  const AddedToken* find(const SortedJson& token) const {
    const SortedJson content = content_of(token);
    if (!content.is_string()) return nullptr;
    const auto found = added_.find(content.get_ref<const std::string&>());
    return found == added_.end() ? nullptr : found->second;
  }

  void refuse_unless_ours(const char* file, const char* key, const SortedJson& token) const {
    if (!find(token) && content_of(token) != "") refuse(file, key, token);
  }

  [[noreturn]] void refuse(const char* file, const std::string& key,
                           const SortedJson& token) const {
    input_error(
        "{}/{}: {}has the token {}, which is not among the added tokens of tokenizer.json; save "
        "the "
        "tokenizer anew (transformers: save_pretrained)",
        folder_, file, key.empty() ? "" : fmt::format("`{}` ", key), content_of(token).dump());
  }

  [[noreturn]] void refuse_kind(const char* file, const std::string& key, const SortedJson& value,
                                const char* wanted) const {
    input_error("{}/{}: `{}` is of type {}; it takes {} or null", folder_, file, key,
                value.type_name(), wanted);
  }

  std::unordered_map<std::string_view, const AddedToken*, TextHash> added_;
  const std::string& folder_;
};

}  // namespace

SortedJson object_in(const std::string& text, const std::string& place) {
  if (text.empty()) return SortedJson::object();
  SortedJson json = parse_sorted_json(text, place);
  if (!json.is_object()) input_error("{}: is no JSON object; mend or remove it", place);
  return json;
}

void refuse_other_tokens(const std::vector<AddedToken>& added, const SortedJson& config,
                         const TokenizerFiles& files) {
  const char *const file = "tokenizer_config.json", *const map = "special_tokens_map.json",
                    *const list = "added_tokens.json";
  const OtherTokens others(added, files.folder);
  others.refuse_named(config, file);
  if (config.contains("added_tokens_decoder")) {
    return others.refuse_in_decoder(config["added_tokens_decoder"], file);
  }
  others.refuse_named(object_in(files.special_tokens_map, files.folder + "/" + map), map);
  others.refuse_listed(object_in(files.added_tokens, files.folder + "/" + list), list);
}

}  // namespace arf
