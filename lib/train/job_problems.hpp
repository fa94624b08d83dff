#pragma once
// Problems of a job's settings and their places in the file.

#include <string>
#include <vector>

#include "spec/spec.hpp"
#include "train/settings.hpp"

namespace bpnet {

/// A problem with the value of a key.
Problem problem_at(const Bound& bound, const std::string& key, std::string message,
                   std::vector<std::string> help = {});

/// Puts problems of one file in the order of their places.
void sort_by_place(std::vector<Problem>& problems);

/// What the data says is wrong, in order: problems that begin with a key ("data.target: ...") get the place
/// of that key.
std::vector<Problem> with_places(const Error& error, const Bound& bound);

/// Adds what is wrong with the names of columns of a table to other problems, if none of those is in the
/// section `data`: to know both at once. Rows are not read for it, nor files of JSON Lines.
void add_problems_of_columns(const Settings& settings, const Bound& bound, std::vector<Problem>& problems);

}  // namespace bpnet
