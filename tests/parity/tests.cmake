# Built on demand by peft.sh, tokenizers.sh and minilm.sh.
add_executable(parity_folders EXCLUDE_FROM_ALL parity/parity_folders.cpp)
target_link_libraries(parity_folders PRIVATE arf_model)
target_precompile_headers(parity_folders REUSE_FROM arf_tensors)
add_executable(parity_tokenizer EXCLUDE_FROM_ALL parity/parity_tokenizer.cpp)
target_link_libraries(parity_tokenizer PRIVATE arf_text)
add_executable(parity_scorer EXCLUDE_FROM_ALL parity/parity_scorer.cpp)
target_link_libraries(parity_scorer PRIVATE arf_scoring)
target_precompile_headers(parity_scorer REUSE_FROM arf_tensors)
