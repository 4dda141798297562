// SPDX-License-Identifier: Apache-2.0
#ifndef GONGKAI_SERVICES_RENDER_CHART_H_
#define GONGKAI_SERVICES_RENDER_CHART_H_

#include <string>
#include <vector>

namespace gongkai::render {

// Bars that lie one below the other, each of one value per series.
struct BarChart {
  struct Series {
    std::string name;
    // `#b2182b`.
    std::string color;
  };
  struct Bar {
    std::string label;
    // One per series; missing ones are 0, negative ones drawn as 0.
    std::vector<double> values;
  };

  std::string title;
  // What the picture shows, for those who do not see it; the figures are added
  // to it.
  std::string description;
  // Of the values: 件, 个工作日.
  std::string unit;
  // Said when there is no bar.
  std::string nothing;
  std::vector<Series> series;
  std::vector<Bar> bars;
  // The values of a bar follow one another, or stand one below the other.
  bool stacked = true;
  // Digits after the point.
  int digits = 0;
};

// The picture as SVG 1.1, complete in itself, with a title and a description
// for readers of the screen; the same chart is the same text.
std::string Svg(const BarChart& chart);

}  // namespace gongkai::render

#endif  // GONGKAI_SERVICES_RENDER_CHART_H_
