// Ctrl-C: the first asks the work to stop where it can go on later, a second stops the program.
#pragma once

namespace halftone {

void watch_for_interrupts();
bool interrupted();

}  // namespace halftone
