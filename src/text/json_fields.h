// What the readers of tokenizer.json share: fields by key, and errors that name the file.
#pragma once

#include <string>
#include <utility>

#include "core/error.h"
#include "core/json.h"

namespace arf {

// Reads one document; place: the file, for messages.
class JsonFields {
 public:
  explicit JsonFields(std::string place) : place_(std::move(place)) {}

  template <typename... Args>
  [[noreturn]] void fail(fmt::format_string<Args...> format, Args&&... args) const {
    input_error("{}: {}", place_, fmt::format(format, std::forward<Args>(args)...));
  }
  // A component or an option that this program does not have; known: those it has.
  [[noreturn]] void refuse(const char* part, const std::string& name, const char* known) const {
    fail(
        "the {} `{}` is not known here (only {}); use a tokenizer of GPT-2's, RoBERTa's, Qwen2's, "
        "Llama's, Gemma's or BERT's kind",
        part, name, known);
  }
  // The member, or null.
  static const SortedJson& child(const SortedJson& object, const char* key) {
    static const SortedJson null;
    if (!object.is_object()) return null;
    const auto found = object.find(key);
    return found == object.end() ? null : *found;
  }
  // A component's type; "none" for null.
  static std::string type_of(const SortedJson& component) {
    if (component.is_null()) return "none";
    const SortedJson& type = child(component, "type");
    return type.is_string() ? type.get<std::string>() : "without a type";
  }
  bool flag(const SortedJson& object, const char* key, bool missing) const {
    const SortedJson& value = child(object, key);
    if (value.is_null()) return missing;
    if (!value.is_boolean()) fail("`{}` is {}, not true or false", key, value.dump());
    return value.get<bool>();
  }
  std::string text(const SortedJson& object, const char* key) const {
    const SortedJson& value = child(object, key);
    if (!value.is_string()) fail("`{}` is {}, not a text", key, value.dump());
    return value.get<std::string>();
  }
  const SortedJson& list(const SortedJson& object, const char* key) const {
    const SortedJson& value = child(object, key);
    if (!value.is_array()) fail("a Sequence has no list `{}`", key);
    return value;
  }

 private:
  std::string place_;
};

}  // namespace arf
