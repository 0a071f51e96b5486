#include "media/url.h"

#include "tests/support/catch.h"
#include "tests/support/conformance.h"

using namespace halftone;
using nlohmann::json;

namespace {

json members(const Url& url) {
  return {{"href", url.href()},         {"protocol", url.protocol()}, {"username", url.username()},
          {"password", url.password()}, {"host", url.host()},         {"hostname", url.hostname()},
          {"port", url.port()},         {"pathname", url.pathname()}, {"search", url.search()},
          {"hash", url.hash()},         {"origin", url.origin()}};
}

// What differs from the row, for people; empty where all is as it says.
std::string check_row(const json& row) {
  std::optional<Url> base;
  if (row["base"].is_string()) base = Url::parse(row["base"].get<std::string>());
  const auto url = Url::parse(row["input"].get<std::string>(), base ? &*base : nullptr);
  if (row.value("failure", false)) return url ? "parsed as " + url->href() : "";
  if (!url) return "did not parse";
  const json ours = members(*url);
  for (const auto& [name, value] : ours.items())
    if (row.contains(name) && row[name] != value) return name + " is " + value.dump();
  const auto again = Url::parse(url->href());
  if (!again || members(*again) != ours) return "does not parse to itself";
  return "";
}

}  // namespace

TEST_CASE("URLs parse and serialise as urltestdata.json says", "[media][conformance]") {
  int passed = 0;
  for (const json& row : read_conformance("url/urltestdata.json")) {
    if (!row.is_object()) continue;
    const std::string difference = check_row(row);
    if (difference.empty()) ++passed;
    INFO(row.dump());
    CHECK(difference == "");
  }
  INFO(passed);
  CHECK((passed == 0 || passed >= 891));
}

TEST_CASE("domains become ASCII as toascii.json says", "[media][conformance]") {
  for (const json& row : read_conformance("url/toascii.json")) {
    if (!row.is_object()) continue;
    INFO(row.dump());
    const auto url = Url::parse("https://" + row["input"].get<std::string>() + "/x");
    CHECK(url.has_value() == row["output"].is_string());
    if (url && row["output"].is_string()) {
      CHECK(url->hostname() == row["output"].get<std::string>());
      CHECK(url->href() == "https://" + url->hostname() + "/x");
    }
  }
}

TEST_CASE("queries are encoded as percent-encoding.json says", "[media][conformance]") {
  for (const json& row : read_conformance("url/percent-encoding.json")) {
    if (!row.is_object()) continue;
    for (const auto& [charset, output] : row["output"].items()) {
      INFO(charset << " " << row.dump());
      const std::string input = row["input"];
      const auto url = Url::parse("https://x/?" + input + "#" + input, nullptr, charset);
      REQUIRE(url);
      CHECK(url->search() == "?" + output.get<std::string>());
    }
  }
}
