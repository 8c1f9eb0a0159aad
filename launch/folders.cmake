# One CMake target per folder. The order of the calls is the order of the includes: a folder
# may use what stands above it and nothing else (tests/architecture checks the includes too).

set(ARF_OTHER_VARIANT "_cuda\\.cpp$")
if(ARF_CUDA)
  set(ARF_OTHER_VARIANT "_nocuda\\.cpp$")
endif()

# The one precompiled header of all targets that see tensors: 20 s a file without it.
function(arf_folder name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "TENSORS" "DIR" "USES")
  file(GLOB sources CONFIGURE_DEPENDS ${arg_DIR}/*.cpp)
  # Variants are files: x_cuda.cpp or its twin x_nocuda.cpp.
  list(FILTER sources EXCLUDE REGEX "${ARF_OTHER_VARIANT}")
  list(FILTER sources EXCLUDE REGEX "/ops/tensor\\.cpp$")
  if(NOT sources)
    add_library(arf_${name} INTERFACE)
    target_include_directories(arf_${name} INTERFACE ${CMAKE_SOURCE_DIR}/src ${CMAKE_SOURCE_DIR})
    target_link_libraries(arf_${name} INTERFACE ${arg_USES})
    return()
  endif()
  add_library(arf_${name} STATIC ${sources})
  set_target_properties(arf_${name} PROPERTIES LINKER_LANGUAGE CXX)
  target_include_directories(arf_${name} PUBLIC ${CMAKE_SOURCE_DIR}/src ${CMAKE_SOURCE_DIR})
  target_link_libraries(arf_${name} PUBLIC ${arg_USES})
  if(arg_TENSORS)
    target_link_libraries(arf_${name} PUBLIC arf_tensors)
    target_precompile_headers(arf_${name} REUSE_FROM arf_tensors)
  endif()
endfunction()

# LibTorch's include folder carries an fmt of its own that would hide the system's.
file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/system_headers)
find_path(FMT_HEADERS fmt/format.h PATHS /usr/include /usr/local/include NO_DEFAULT_PATH REQUIRED)
file(CREATE_LINK ${FMT_HEADERS}/fmt ${CMAKE_BINARY_DIR}/system_headers/fmt SYMBOLIC)
include_directories(BEFORE ${CMAKE_BINARY_DIR}/system_headers)

add_library(arf_tensors STATIC src/model/ops/tensor.cpp)
target_include_directories(arf_tensors PUBLIC ${CMAKE_SOURCE_DIR}/src ${CMAKE_SOURCE_DIR})
target_link_libraries(arf_tensors PUBLIC LibTorch::cpu spdlog::spdlog fmt::fmt)
# No header of ours is in it: the compiler cache knows a precompiled header by its text without
# comments, the compiler by whole files, so a changed comment would define everything twice.
target_precompile_headers(arf_tensors PRIVATE <ATen/ATen.h> <torch/csrc/autograd/autograd.h>
  <torch/csrc/autograd/custom_function.h> <torch/csrc/autograd/grad_mode.h>)
if(ARF_CUDA)
  target_link_libraries(arf_tensors PUBLIC LibTorch::cuda)
endif()

add_library(arf_cuda INTERFACE)  # what the CUDA variants of comm need; empty without CUDA
if(ARF_CUDA)
  target_link_libraries(arf_cuda INTERFACE CUDA::cudart NCCL::nccl)
endif()

add_library(arf_hdf5 INTERFACE)
target_link_libraries(arf_hdf5 INTERFACE ${HDF5_C_LIBRARIES})
target_include_directories(arf_hdf5 SYSTEM INTERFACE ${HDF5_C_INCLUDE_DIRS})

arf_folder(core DIR src/core USES spdlog::spdlog fmt::fmt OpenSSL::Crypto
  nlohmann_json::nlohmann_json Threads::Threads xxhash)
arf_folder(records DIR src/records USES arf_core)
arf_folder(config DIR src/config USES arf_core Boost::program_options)
arf_folder(guard DIR src/guard USES arf_core)
arf_folder(comm DIR src/comm USES arf_core MPI::MPI_CXX arf_cuda)
arf_folder(data_io DIR data_io USES arf_records ZLIB::ZLIB isal arf_hdf5)
set_source_files_properties(data_io/run_directory.cpp PROPERTIES
  COMPILE_DEFINITIONS ARF_VERSION="${PROJECT_VERSION}")
arf_folder(text DIR src/text USES arf_data_io ICU::uc ICU::i18n)
arf_folder(ops DIR src/model/ops TENSORS USES arf_core)
# The kernels: one source, three instruction sets, chosen at run time; no LibTorch in them.
set(kernel_files src/model/ops/kernels_avx512.cpp src/model/ops/kernels_avx2.cpp
  src/model/ops/kernels_portable.cpp)
set_source_files_properties(${kernel_files} PROPERTIES SKIP_PRECOMPILE_HEADERS ON)
set_source_files_properties(src/model/ops/kernels_avx512.cpp PROPERTIES
  COMPILE_OPTIONS "-mavx512f;-mavx512dq;-mavx2;-mfma")
set_source_files_properties(src/model/ops/kernels_avx2.cpp PROPERTIES
  COMPILE_OPTIONS "-mavx2;-mfma")
# Loops over all parameters, element by element: -O2 leaves them scalar. The same bits.
set_source_files_properties(src/model/adamw.cpp src/scoring/sliced_sum.cpp PROPERTIES
  SKIP_PRECOMPILE_HEADERS ON COMPILE_OPTIONS "-O3;-fno-math-errno")
arf_folder(model DIR src/model TENSORS USES arf_ops arf_text)
arf_folder(generation DIR src/generation TENSORS USES arf_model)
arf_folder(scoring DIR src/scoring TENSORS USES arf_model arf_comm)
arf_folder(augment DIR src/augment USES arf_text)
arf_folder(simulation DIR src/simulation USES arf_records)
arf_folder(report DIR src/report USES arf_records)
arf_folder(learning DIR src/learning TENSORS USES arf_model arf_comm)
arf_folder(exchange DIR src/exchange USES arf_records arf_comm)
arf_folder(roles DIR src/roles TENSORS
  USES arf_exchange arf_generation arf_scoring arf_learning arf_report arf_config arf_guard)
arf_folder(evaluation DIR src/evaluation TENSORS
  USES arf_generation arf_scoring arf_simulation arf_report arf_config)
arf_folder(experiments DIR src/experiments TENSORS USES arf_scoring arf_report)

file(GLOB program_sources CONFIGURE_DEPENDS src/programs/*.cpp)
add_executable(arf ${program_sources})
target_link_libraries(arf PRIVATE arf_roles arf_evaluation arf_augment arf_experiments)
target_precompile_headers(arf REUSE_FROM arf_tensors)
target_compile_definitions(arf PRIVATE ARF_VERSION="${PROJECT_VERSION}")
set_target_properties(arf PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR})
add_custom_target(arf_commit BYPRODUCTS ${CMAKE_BINARY_DIR}/commit.cpp COMMAND ${CMAKE_COMMAND}
  -D SOURCE=${CMAKE_SOURCE_DIR} -D OUTPUT=${CMAKE_BINARY_DIR}/commit.cpp -P ${CMAKE_SOURCE_DIR}/launch/commit.cmake)
target_sources(arf PRIVATE ${CMAKE_BINARY_DIR}/commit.cpp)
add_dependencies(arf arf_commit)
