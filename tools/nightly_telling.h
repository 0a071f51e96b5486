// Telling of a night: figures for Prometheus, a webhook, a mail.
#pragma once

#include <string>
#include <vector>

#include "tools/nightly_plan.h"

namespace halftone {

// The textfile of Prometheus' node exporter, whole or not at all; of all runs that name this file.
std::string metrics_of(const std::vector<const NightRun*>& runs);

// As the jobs ask for it. What cannot be told is told on standard error; true where all was told.
bool tell_of_nights(const std::vector<EndedJob>& ended);

}  // namespace halftone
