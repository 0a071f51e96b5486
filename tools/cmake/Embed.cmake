# halftone_embed(target function folder): builds every file below `folder` into `target` and
# defines what tools/embedded_file.h calls an embedding: std::span<const EmbeddedFile> function().
function(halftone_embed target function folder)
  # A file that comes or goes changes its folder; globbing at every build would never be "nothing to do".
  file(GLOB_RECURSE names LIST_DIRECTORIES true RELATIVE ${folder} ${folder}/*)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${folder})
  foreach(name IN LISTS names)
    if(IS_DIRECTORY ${folder}/${name})
      set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${folder}/${name})
      list(REMOVE_ITEM names ${name})
    endif()
  endforeach()
  list(SORT names)

  set(assembler ".section .rodata\n")
  set(symbols "")
  set(rows "")
  set(paths "")
  set(number 0)
  foreach(name IN LISTS names)
    set(symbol ${function}_${number})
    string(APPEND assembler
      ".global ${symbol}, ${symbol}_end\n${symbol}:\n.incbin \"${folder}/${name}\"\n${symbol}_end:\n")
    string(APPEND symbols "extern \"C\" const char ${symbol}[], ${symbol}_end[];\n")
    string(APPEND rows "      {\"${name}\", {${symbol}, size_t(${symbol}_end - ${symbol})}},\n")
    list(APPEND paths ${folder}/${name})
    math(EXPR number "${number} + 1")
  endforeach()
  string(APPEND assembler ".section .note.GNU-stack,\"\",%progbits\n")

  set(base ${CMAKE_CURRENT_BINARY_DIR}/${function})
  file(CONFIGURE OUTPUT ${base}.s CONTENT "${assembler}" @ONLY)
  file(CONFIGURE OUTPUT ${base}.cc @ONLY CONTENT
"#include \"tools/embedded_file.h\"

${symbols}
namespace halftone {

std::span<const EmbeddedFile> ${function}() {
  static const EmbeddedFile files[] = {
${rows}  };
  return files;
}

}  // namespace halftone
")
  set_source_files_properties(${base}.s PROPERTIES OBJECT_DEPENDS "${paths}")
  target_sources(${target} PRIVATE ${base}.s ${base}.cc)
endfunction()
