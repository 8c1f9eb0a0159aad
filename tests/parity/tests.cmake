# Built on demand by peft.sh: writes folders with our own writers, and runs our encoder.
add_executable(parity_folders EXCLUDE_FROM_ALL parity/parity_folders.cpp)
target_link_libraries(parity_folders PRIVATE arf_model)
target_precompile_headers(parity_folders REUSE_FROM arf_tensors)
add_executable(parity_tokenizer EXCLUDE_FROM_ALL parity/parity_tokenizer.cpp)
target_link_libraries(parity_tokenizer PRIVATE arf_text)
