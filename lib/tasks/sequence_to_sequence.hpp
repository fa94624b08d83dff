#pragma once
// Texts from texts: an encoder reads one, a decoder tells the other token by token (Sutskever, Vinyals, Le
// 2014).

#include "data/encoding.hpp"
#include "tasks/supervised_model.hpp"

namespace bpnet {

/// How a text is found, token by token.
struct Decoding {
  int beam = 1;               // texts that are followed at once; 1: the most probable token each time
  double length_penalty = 1;  // exponent: 0 prefers short texts (Wu et al. 2016)
  int longest = 1;            // tokens, with the end
};

/// Inputs of the two stacks.
struct ToldPorts {
  InputPort read, told;                     // time axes 1 and 2
  std::shared_ptr<const TextCode> of_told;  // how the told text is cut into tokens
  std::shared_ptr<const TextCode> of_read;  // and the one that is read; null: it is none
  std::string target;                       // the column
};
ToldPorts told_ports(const TableEncoding& encoding);

/// Encoder, its end remembered, decoder.
Graph told_graph(const TaskRequest& request, const ToldPorts& ports, int width);

/// Finds texts for batches of what the encoder reads.
class Decoder {
 public:
  Decoder(Network& network, Decoding decoding) : network_(network), decoding_(decoding) {}
  /// Tokens for each of `count` samples, without the end. `fill` writes the encoder's input of a run of
  /// `count` * beam samples, where sample i is to have row i / beam, and their lengths.
  template <class Fill>
  std::vector<std::vector<std::int32_t>> run(int count, int steps, Fill fill) {
    Run& all = begin(count, steps);
    fill(all, decoding_.beam);
    return search(all, count);
  }

 private:
  Run& begin(int count, int steps);
  std::vector<std::vector<std::int32_t>> search(Run& run, int count);
  Network& network_;
  Decoding decoding_;
};

}  // namespace bpnet
