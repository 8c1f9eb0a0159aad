# Finds the C++ side of a LibTorch that was unpacked from a wheel (or a LibTorch archive).
#
# LibTorch_ROOT   a folder that holds include/ and lib/, or torch/include and torch/lib; default:
#                 the environment's LibTorch_ROOT, then where launch/setup.sh unpacks it.
# Targets         LibTorch::cpu (always), LibTorch::cuda (where libtorch_cuda is there).
#
# The package configuration that LibTorch ships wants a whole CUDA toolkit at configure time
# and overrides CMAKE_CUDA_ARCHITECTURES; a program on the CPU needs two libraries of it.
if(NOT LibTorch_ROOT)
  set(LibTorch_ROOT $ENV{LibTorch_ROOT})
endif()
if(NOT LibTorch_ROOT)
  set(LibTorch_ROOT $ENV{HOME}/.cache/arf/libtorch-2.11.0)
  if(DEFINED ENV{ARF_DEPENDENCIES})
    set(LibTorch_ROOT $ENV{ARF_DEPENDENCIES}/libtorch-2.11.0)
  endif()
endif()
# A build folder that is given another root must not go on with what it found in the first.
if(NOT "${LibTorch_ROOT}" STREQUAL "${LibTorch_FOUND_ROOT}")
  foreach(name INCLUDE_DIR CPU_LIBRARY C10_LIBRARY CUDA_LIBRARY C10_CUDA_LIBRARY)
    unset(LibTorch_${name} CACHE)
  endforeach()
  set(LibTorch_FOUND_ROOT "${LibTorch_ROOT}" CACHE INTERNAL "where LibTorch was found")
endif()

find_path(LibTorch_INCLUDE_DIR ATen/ATen.h
  PATHS ${LibTorch_ROOT} PATH_SUFFIXES include torch/include NO_DEFAULT_PATH)
get_filename_component(LibTorch_PREFIX "${LibTorch_INCLUDE_DIR}" DIRECTORY)
find_library(LibTorch_CPU_LIBRARY torch_cpu PATHS ${LibTorch_PREFIX}/lib NO_DEFAULT_PATH)
find_library(LibTorch_C10_LIBRARY c10 PATHS ${LibTorch_PREFIX}/lib NO_DEFAULT_PATH)
find_library(LibTorch_CUDA_LIBRARY torch_cuda PATHS ${LibTorch_PREFIX}/lib NO_DEFAULT_PATH)
find_library(LibTorch_C10_CUDA_LIBRARY c10_cuda PATHS ${LibTorch_PREFIX}/lib NO_DEFAULT_PATH)

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(LibTorch
  REQUIRED_VARS LibTorch_INCLUDE_DIR LibTorch_CPU_LIBRARY LibTorch_C10_LIBRARY)

if(LibTorch_FOUND AND NOT TARGET LibTorch::cpu)
  add_library(LibTorch::cpu INTERFACE IMPORTED)
  target_include_directories(LibTorch::cpu SYSTEM INTERFACE
    ${LibTorch_INCLUDE_DIR} ${LibTorch_INCLUDE_DIR}/torch/csrc/api/include)
  # The wheel's own libcudart and libcupti lie beside torch/ as nvidia/; libtorch_cpu loads them.
  file(GLOB LibTorch_BESIDE ${LibTorch_PREFIX}/../nvidia/*/lib)
  target_link_libraries(LibTorch::cpu INTERFACE ${LibTorch_CPU_LIBRARY} ${LibTorch_C10_LIBRARY})
  foreach(dir ${LibTorch_PREFIX}/lib ${LibTorch_BESIDE})
    target_link_options(LibTorch::cpu INTERFACE
      "LINKER:-rpath,${dir}" "LINKER:-rpath-link,${dir}")
  endforeach()
  if(LibTorch_CUDA_LIBRARY)
    add_library(LibTorch::cuda INTERFACE IMPORTED)
    target_link_libraries(LibTorch::cuda INTERFACE LibTorch::cpu
      -Wl,--no-as-needed ${LibTorch_CUDA_LIBRARY} ${LibTorch_C10_CUDA_LIBRARY} -Wl,--as-needed)
  endif()
endif()
