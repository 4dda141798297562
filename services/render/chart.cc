// SPDX-License-Identifier: Apache-2.0
#include "services/render/chart.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "services/base/dates.h"
#include "services/base/text.h"
#include "services/render/xml.h"

namespace gongkai::render {
namespace {

// In pixels.
constexpr double kWidth = 800;
constexpr double kMargin = 16;
constexpr double kTop = 76;
constexpr double kBar = 20;
constexpr double kGap = 10;
constexpr double kThinBar = 14;
// A letter of the terminal's width, at 12 pixels.
constexpr double kLetter = 6.6;
constexpr double kMostLabel = 220;
// For the figure at the end of the longest bar.
constexpr double kEnd = 56;
constexpr int kTicks = 5;

double TextWidth(std::string_view text) {
  return kLetter * static_cast<double>(DisplayWidth(text));
}

double ValueOf(const BarChart::Bar& bar, size_t i) {
  return i < bar.values.size() && bar.values[i] > 0 ? bar.values[i] : 0;
}

double Total(const BarChart& chart, const BarChart::Bar& bar) {
  double total = 0;
  for (size_t i = 0; i < chart.series.size(); ++i) total += ValueOf(bar, i);
  return total;
}

// The longest line of the chart.
double Most(const BarChart& chart) {
  double most = 0;
  for (const BarChart::Bar& bar : chart.bars) {
    for (size_t i = 0; i < chart.series.size(); ++i) {
      most = std::max(most, ValueOf(bar, i));
    }
    if (chart.stacked) most = std::max(most, Total(chart, bar));
  }
  return most;
}

// A step of 1, 2 or 5 times a power of ten that takes at most kTicks to `most`.
double Step(double most, int digits) {
  double step = std::pow(10, -digits);
  while (most / step > kTicks) {
    if (most / (2 * step) <= kTicks) return 2 * step;
    if (most / (5 * step) <= kTicks) return 5 * step;
    step *= 10;
  }
  return step;
}

// Writes the picture from top to bottom.
class Picture {
 public:
  explicit Picture(const BarChart& chart)
      : chart_(chart), most_(Most(chart)), step_(Step(most_, chart.digits)) {
    label_ = 0;
    for (const BarChart::Bar& bar : chart.bars) {
      label_ = std::max(label_, TextWidth(bar.label));
    }
    label_ = std::min(label_, kMostLabel) + kMargin;
    row_ = chart.stacked ? kBar
                         : kThinBar * static_cast<double>(chart.series.size());
    bottom_ = kTop + std::max<double>(1, chart.bars.size()) * (row_ + kGap);
    end_ = std::max(step_, std::ceil(most_ / step_) * step_);
  }

  std::string Draw() {
    Open();
    Legend();
    if (chart_.bars.empty()) {
      Text(kMargin, kTop + 20, "start", "#333", chart_.nothing);
    } else {
      Axis();
      double y = kTop;
      for (const BarChart::Bar& bar : chart_.bars) {
        Label(bar, y);
        chart_.stacked ? Stack(bar, y) : Beside(bar, y);
        y += row_ + kGap;
      }
    }
    out_ += "</svg>\n";
    return std::move(out_);
  }

 private:
  std::string Figure(double value) const {
    return absl::StrFormat("%.*f", chart_.digits, value);
  }
  double X(double value) const {
    return label_ + kMargin +
           value / end_ * (kWidth - label_ - 2 * kMargin - kEnd);
  }

  // For those who do not see it: every figure.
  std::string Spoken() const {
    std::string spoken = chart_.description;
    for (const BarChart::Bar& bar : chart_.bars) {
      absl::StrAppend(&spoken, spoken.empty() ? "" : " ", bar.label, ":");
      for (size_t i = 0; i < chart_.series.size(); ++i) {
        absl::StrAppend(&spoken, i == 0 ? " " : ", ", chart_.series[i].name,
                        " ", Figure(ValueOf(bar, i)));
      }
      spoken += ";";
    }
    return spoken;
  }

  void Open() {
    absl::StrAppendFormat(
        &out_,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        "<svg xmlns=\"http://www.w3.org/2000/svg\" version=\"1.1\" "
        "width=\"%.0f\" height=\"%.0f\" viewBox=\"0 0 %.0f %.0f\" "
        "role=\"img\" aria-labelledby=\"title desc\" font-size=\"12\" "
        "font-family=\"'Noto Sans CJK SC','Microsoft YaHei',sans-serif\">\n"
        "<title id=\"title\">%s</title>\n<desc id=\"desc\">%s</desc>\n"
        "<rect width=\"100%%\" height=\"100%%\" fill=\"#fff\"/>\n",
        kWidth, bottom_ + 30, kWidth, bottom_ + 30, Escaped(chart_.title),
        Escaped(Spoken()));
    absl::StrAppendFormat(&out_,
                          "<text x=\"%.1f\" y=\"26\" font-size=\"16\" "
                          "font-weight=\"bold\">%s</text>\n",
                          kMargin, Escaped(chart_.title));
  }

  void Text(double x, double y, const char* anchor, const char* color,
            std::string_view text) {
    absl::StrAppendFormat(&out_,
                          "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" "
                          "fill=\"%s\">%s</text>\n",
                          x, y, anchor, color, Escaped(text));
  }

  void Rect(double x, double y, double width, double height,
            const std::string& color, const std::string& title) {
    absl::StrAppendFormat(&out_,
                          "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" "
                          "height=\"%.1f\" fill=\"%s\"><title>%s</title>"
                          "</rect>\n",
                          x, y, width, height, Escaped(color), Escaped(title));
  }

  void Legend() {
    double x = kMargin;
    for (const BarChart::Series& one : chart_.series) {
      Rect(x, 42, 12, 12, one.color, one.name);
      Text(x + 18, 52, "start", "#333", one.name);
      x += 18 + TextWidth(one.name) + 22;
    }
    Text(kWidth - kMargin, 52, "end", "#666", chart_.unit);
  }

  void Axis() {
    for (int i = 0; i * step_ <= end_ + step_ / 2; ++i) {
      const double x = X(i * step_);
      absl::StrAppendFormat(&out_,
                            "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" "
                            "y2=\"%.1f\" stroke=\"#ddd\"/>\n",
                            x, kTop - 6, x, bottom_);
      Text(x, bottom_ + 16, "middle", "#666", Figure(i * step_));
    }
  }

  void Label(const BarChart::Bar& bar, double y) {
    std::string label = bar.label;
    // A letter at a time, never a part of one.
    while (TextWidth(label) > kMostLabel) {
      size_t last = label.size() - 1;
      while (last > 0 && (label[last] & 0xC0) == 0x80) --last;
      label.resize(last);
    }
    if (label != bar.label) label += "…";
    Text(label_, y + row_ / 2 + 4, "end", "#333", label);
  }

  std::string Said(const BarChart::Bar& bar, size_t i) const {
    return absl::StrCat(bar.label, " ", chart_.series[i].name, " ",
                        Figure(ValueOf(bar, i)));
  }

  void Stack(const BarChart::Bar& bar, double y) {
    double before = 0;
    for (size_t i = 0; i < chart_.series.size(); ++i) {
      const double value = ValueOf(bar, i);
      if (value <= 0) continue;
      Rect(X(before), y, X(before + value) - X(before), kBar,
           chart_.series[i].color, Said(bar, i));
      before += value;
    }
    Text(X(before) + 6, y + kBar / 2 + 4, "start", "#333", Figure(before));
  }

  void Beside(const BarChart::Bar& bar, double y) {
    for (size_t i = 0; i < chart_.series.size(); ++i) {
      const double value = ValueOf(bar, i);
      const double at = y + kThinBar * static_cast<double>(i);
      Rect(X(0), at, X(value) - X(0), kThinBar - 2, chart_.series[i].color,
           Said(bar, i));
      Text(X(value) + 6, at + kThinBar - 3, "start", "#333", Figure(value));
    }
  }

  const BarChart& chart_;
  const double most_;
  const double step_;
  double label_ = 0;
  double row_ = 0;
  double bottom_ = 0;
  double end_ = 1;
  std::string out_;
};

}  // namespace

std::string Svg(const BarChart& chart) { return Picture(chart).Draw(); }

}  // namespace gongkai::render
