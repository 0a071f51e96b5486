// Test data published with the standards, kept outside of the project.
#pragma once

#include <string>

#include <nlohmann/json.hpp>

namespace halftone {

// The directory: $HALFTONE_CONFORMANCE, or the one beside the source tree.
std::string conformance_directory();

// Reads a JSON file of that directory; lone surrogates in it (\ud800) are read as U+FFFD.
// Null, and a warning, where it is absent.
nlohmann::json read_conformance(const std::string& path);

}  // namespace halftone
