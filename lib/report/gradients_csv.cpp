#include "report/gradients_csv.hpp"

namespace bpnet {

void GradientsCsv::start(const RunStart& run) {
  std::string header = "epoch,step";
  for (const std::string& layer : run.layers) header += "," + csv_quoted(layer);
  file_.begin(header + "\n");
}

void GradientsCsv::evaluation(const Evaluation& e) {
  std::string row = std::to_string(e.epoch) + "," + std::to_string(e.step);
  for (const double norm : e.layer_norms) row += "," + csv_number(norm);
  file_.append(row + "\n");
}

}  // namespace bpnet
