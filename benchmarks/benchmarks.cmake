# Programs of the benchmarks, built on demand: cmake --build build --target products ...
add_executable(products EXCLUDE_FROM_ALL ${CMAKE_SOURCE_DIR}/benchmarks/products.cpp)
target_link_libraries(products PRIVATE arf_ops)
add_executable(random_model EXCLUDE_FROM_ALL ${CMAKE_SOURCE_DIR}/benchmarks/random_model.cpp)
target_link_libraries(random_model PRIVATE arf_model)
target_precompile_headers(random_model REUSE_FROM arf_tensors)
add_executable(substitution EXCLUDE_FROM_ALL ${CMAKE_SOURCE_DIR}/benchmarks/substitution.cpp)
target_link_libraries(substitution PRIVATE arf_augment)
set_target_properties(products random_model substitution PROPERTIES
  RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/benchmarks)
