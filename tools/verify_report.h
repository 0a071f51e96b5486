// What `halftone verify` says of a check.
#pragma once

#include <string>

#include "media/error.h"
#include "store/fixity_log.h"
#include "store/repair.h"
#include "store/verify.h"

namespace halftone {

// Checks the archive in `folder` as verify() does, and adds a line to its log of checks; where that
// cannot be written the check counts all the same. The bar is for people, none where `quiet`.
Result<VerifyResult> verify_on_record(const std::string& folder, const VerifyScope& scope,
                                      bool quiet);

// One object: what was checked, what is damaged, who is harmed; the lists are cut at
// VerifyResult::kMostNamed, the counts are not. `repaired`, here as below, may be null; `result` is
// what it left.
std::string verify_entry(const VerifyResult& result, const RepairResult* repaired);

// A line of the log of checks, and what is wrong with it if anything.
std::string fixity_line_entry(const FixityEntry& entry, const std::string& broken);

// Each damage and each harmed article, a line each, to standard output.
void say_repairs(const RepairResult& repaired);
void say_damages(const VerifyResult& result);

// The summary line, to standard error.
void tell_summary(const VerifyResult& result, const RepairResult* repaired);

}  // namespace halftone
