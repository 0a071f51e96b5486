# Sorts source files into groups that one compilation can hold, for tools/lint: no two files of a group
# have a local name (of an unnamed namespace, or static) in common, as far as a glance at the text tells.
# A file with a local name that a header has, too, is alone. Prints "GROUP FILE".
#   awk -v most=25 -f tools/lint_groups.awk HEADER… FILE…
function sort_in(   g, n, clash, name) {
  if (file == "") return
  if (file ~ /\.h$/) {
    for (name in own) if (name ~ /^(k?[A-Z])/) shared[name] = 1  # functions may have overloads
    delete own
    return
  }
  for (name in own) if (name in shared) {
    print "alone-" file, file
    delete own
    return
  }
  for (g = 1; g <= groups; ++g) {
    if (size[g] >= most) continue
    clash = 0
    for (name in own) if ((g, name) in taken) { clash = 1; break }
    if (!clash) break
  }
  if (g > groups) groups = g
  ++size[g]
  for (name in own) taken[g, name] = 1
  print g, file
  delete own
}
function add(text,   rest, name) {
  rest = text
  if (match(rest, /^(struct|class|enum class|enum|using) +[A-Za-z_0-9]+/)) {
    name = substr(rest, RSTART, RLENGTH); sub(/.* /, "", name); own[name] = 1
  }
  while (match(rest, /[A-Za-z_][A-Za-z_0-9]*(\[\]|\[[A-Za-z_0-9]*\])? *[({=;]/)) {
    name = substr(rest, RSTART, RLENGTH); sub(/[^A-Za-z_0-9].*/, "", name); own[name] = 1
    rest = substr(rest, RSTART + RLENGTH)
  }
}
FNR == 1 { sort_in(); file = FILENAME; local = 0 }
/^#|^namespace [a-z]/ { next }
/^namespace {/ { local = 1; next }
/^}  \/\/ namespace$/ { local = 0; next }
(local || FILENAME ~ /\.h$/) && /^[A-Za-z]/ { add($0) }
/^static / { add($0) }
END { sort_in() }
