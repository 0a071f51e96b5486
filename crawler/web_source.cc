#include "crawler/web_source.h"

#include <set>

#include "media/url.h"

namespace halftone {

namespace {

// One answer's body on its way into the sink. A failure of the sink is kept; one of the network
// only means that this URL has nothing.
class Handler : public FetchHandler {
 public:
  Handler(std::unique_ptr<RepairSink::Body> body, Result<void>& kept)
      : body_(std::move(body)), kept_(kept) {}

  Result<void> on_body(std::string_view bytes) override {
    auto written = body_->write(bytes);
    if (!written) kept_ = written;
    return written;
  }

  void on_done(Result<FetchResponse> response) override {
    if (!response || !kept_) return;
    if (const auto taken = body_->finish(); !taken) kept_ = tl::unexpected(taken.error());
  }

 private:
  std::unique_ptr<RepairSink::Body> body_;
  Result<void>& kept_;
};

class WebSource : public RepairSource {
 public:
  WebSource(Fetcher& fetcher, std::function<bool()> keep_going)
      : fetcher_(fetcher), keep_going_(std::move(keep_going)) {}

  std::string name() const override { return "web"; }

  Result<void> supply(RepairSink& sink) override {
    const auto blobs = sink.wish().blobs;
    for (const auto& [digest, origin] : blobs) {
      const std::set<std::string> urls(origin.urls.begin(), origin.urls.end());
      for (const std::string& url : urls) {
        const auto parsed = Url::parse(url);
        if (!parsed || !parsed->is_http()) continue;
        // Some hosts give pictures only to their own pages.
        for (const std::string& referrer : {std::string(), parsed->origin() + "/"}) {
          if (!keep_going_()) return fail(ErrorCode::kInterrupted, "it was interrupted");
          if (!sink.wish().blobs.contains(digest)) break;
          if (auto asked = ask(sink, url, referrer); !asked) return asked;
        }
      }
    }
    return {};
  }

 private:
  Result<void> ask(RepairSink& sink, const std::string& url, const std::string& referrer) {
    Result<void> kept;
    fetcher_.start({url, referrer, {}}, std::make_unique<Handler>(sink.begin(), kept));
    fetcher_.run(keep_going_);
    return kept;
  }

  Fetcher& fetcher_;
  std::function<bool()> keep_going_;
};

}  // namespace

std::unique_ptr<RepairSource> make_web_source(Fetcher& fetcher, std::function<bool()> keep_going) {
  return std::make_unique<WebSource>(fetcher, std::move(keep_going));
}

}  // namespace halftone
