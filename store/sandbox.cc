// The only file that sees libseccomp.
#include "store/sandbox.h"

#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <memory>
#include <sched.h>
#include <seccomp.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

namespace halftone {

namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kSanitized = true;  // shadow memory takes terabytes of address space
#else
constexpr bool kSanitized = false;
#endif

constexpr rlim_t kDescriptors = 32;

// Memory, threads, time and descriptors that are open already: what decoders live on.
constexpr int kAllowed[] = {
    SCMP_SYS(brk),
    SCMP_SYS(clock_getres),
    SCMP_SYS(clock_gettime),
    SCMP_SYS(clock_nanosleep),
    SCMP_SYS(close),
    SCMP_SYS(eventfd2),
    SCMP_SYS(exit),
    SCMP_SYS(exit_group),
    SCMP_SYS(fcntl),
    SCMP_SYS(fstat),
    SCMP_SYS(futex),
    SCMP_SYS(getcpu),
    SCMP_SYS(getpid),
    SCMP_SYS(getrandom),
    SCMP_SYS(getrusage),
    SCMP_SYS(gettid),
    SCMP_SYS(gettimeofday),
    SCMP_SYS(lseek),
    SCMP_SYS(madvise),
    SCMP_SYS(membarrier),
    SCMP_SYS(mmap),
    SCMP_SYS(mprotect),
    SCMP_SYS(mremap),
    SCMP_SYS(munmap),
    SCMP_SYS(nanosleep),
    SCMP_SYS(pipe),  // leads nowhere; sanitizers probe memory with it
    SCMP_SYS(pipe2),
    SCMP_SYS(poll),
    SCMP_SYS(ppoll),
    SCMP_SYS(read),
    SCMP_SYS(restart_syscall),
    SCMP_SYS(rseq),
    SCMP_SYS(rt_sigaction),
    SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(rt_sigreturn),
    SCMP_SYS(sched_getaffinity),
    SCMP_SYS(sched_yield),
    SCMP_SYS(set_robust_list),
    SCMP_SYS(sigaltstack),
    SCMP_SYS(sysinfo),
    SCMP_SYS(uname),
    SCMP_SYS(write),
    SCMP_SYS(writev),
};

// No decoder has a reason to try these.
constexpr int kDeadly[] = {
    SCMP_SYS(add_key),
    SCMP_SYS(bpf),
    SCMP_SYS(chroot),
    SCMP_SYS(execve),
    SCMP_SYS(execveat),
    SCMP_SYS(fork),
    SCMP_SYS(init_module),
    SCMP_SYS(finit_module),
    SCMP_SYS(io_uring_enter),
    SCMP_SYS(io_uring_register),
    SCMP_SYS(io_uring_setup),
    SCMP_SYS(kexec_load),
    SCMP_SYS(keyctl),
    SCMP_SYS(mount),
    SCMP_SYS(perf_event_open),
    SCMP_SYS(pivot_root),
    SCMP_SYS(process_vm_readv),
    SCMP_SYS(process_vm_writev),
    SCMP_SYS(ptrace),
    SCMP_SYS(request_key),
    SCMP_SYS(setns),
    SCMP_SYS(umount2),
    SCMP_SYS(unshare),
    SCMP_SYS(userfaultfd),
    SCMP_SYS(vfork),
};

struct Release {
  void operator()(void* filter) const { seccomp_release(filter); }
};
using Filter = std::unique_ptr<void, Release>;

// Gathers the first failure of many calls that answer with a negative errno.
class Rules {
 public:
  explicit Rules(scmp_filter_ctx filter) : filter_(filter) {}

  template <class... Conditions>
  void add(uint32_t action, int call, Conditions... conditions) {
    keep(seccomp_rule_add(filter_, action, call, sizeof...(conditions), conditions...));
  }
  void set(scmp_filter_attr attribute, uint32_t value) {
    keep(seccomp_attr_set(filter_, attribute, value));
  }
  int error() const { return error_; }

 private:
  void keep(int result) {
    if (result < 0 && error_ == 0) error_ = -result;
  }
  scmp_filter_ctx filter_;
  int error_ = 0;
};

// What a rule asks of a call's arguments (the library's macros are no C++).
scmp_arg_cmp first_is(scmp_datum_t value) { return {0, SCMP_CMP_EQ, value, 0}; }
scmp_arg_cmp first_has(scmp_datum_t mask, scmp_datum_t value) {
  return {0, SCMP_CMP_MASKED_EQ, mask, value};
}

// As C libraries read a file: asked whether it can be, opened for nothing else, asked for its size
// by its descriptor, mapped.
void let_read(Rules& rules) {
  constexpr scmp_datum_t kMakesOrWrites = O_ACCMODE | O_CREAT | O_TRUNC | O_APPEND;
  rules.add(SCMP_ACT_ALLOW, SCMP_SYS(access), scmp_arg_cmp{1, SCMP_CMP_EQ, R_OK, 0});
  rules.add(SCMP_ACT_ALLOW, SCMP_SYS(faccessat), scmp_arg_cmp{2, SCMP_CMP_EQ, R_OK, 0});
  rules.add(SCMP_ACT_ALLOW, SCMP_SYS(openat),
            scmp_arg_cmp{2, SCMP_CMP_MASKED_EQ, kMakesOrWrites, O_RDONLY});
  rules.add(SCMP_ACT_ALLOW, SCMP_SYS(newfstatat), scmp_arg_cmp{3, SCMP_CMP_EQ, AT_EMPTY_PATH, 0});
}

void add_rules(Rules& rules) {
  rules.set(SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
  rules.set(SCMP_FLTATR_CTL_TSYNC, 1);  // threads that libraries have started are closed in, too
  for (const int call : kAllowed) rules.add(SCMP_ACT_ALLOW, call);
  for (const int call : kDeadly) rules.add(SCMP_ACT_KILL_PROCESS, call);

  // Threads are clone() with CLONE_THREAD. clone3() hides its flags behind a pointer: glibc takes
  // ENOSYS as a hint to use clone().
  rules.add(SCMP_ACT_ALLOW, SCMP_SYS(clone), first_has(CLONE_THREAD, CLONE_THREAD));
  rules.add(SCMP_ACT_KILL_PROCESS, SCMP_SYS(clone), first_has(CLONE_THREAD, 0));
  rules.add(SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3));

  // abort() signals its own thread; threads name themselves.
  const auto own = static_cast<scmp_datum_t>(getpid());
  rules.add(SCMP_ACT_ALLOW, SCMP_SYS(tgkill), first_is(own));
  rules.add(SCMP_ACT_ALLOW, SCMP_SYS(prctl), first_is(PR_SET_NAME));
}

bool limit(__rlimit_resource resource, rlim_t most) {
  const rlimit both{most, most};
  return setrlimit(resource, &both) == 0;
}

}  // namespace

Result<void> limit_process(uint64_t memory) {
  const bool done =
      (kSanitized || limit(RLIMIT_AS, memory)) &&  //
      limit(RLIMIT_CORE, 0) && limit(RLIMIT_FSIZE, 0) && limit(RLIMIT_NOFILE, kDescriptors) &&
      prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0 &&
      prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) == 0;
  if (!done) return fail(ErrorCode::kIo, "cannot limit a worker process: {}", strerror(errno));
  return {};
}

Result<void> forbid_system_calls(Opening opening) {
  const Filter filter(seccomp_init(SCMP_ACT_ERRNO(EACCES)));
  if (!filter) return fail(ErrorCode::kIo, "no filter for system calls: out of memory");
  Rules rules(filter.get());
  add_rules(rules);
  if (opening == Opening::kForReading) let_read(rules);
  const int error = rules.error() != 0 ? rules.error() : -seccomp_load(filter.get());
  if (error != 0) {
    return fail(ErrorCode::kIo, "this system filters no system calls: {}", strerror(error));
  }
  return {};
}

}  // namespace halftone
