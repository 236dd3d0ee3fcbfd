package dev.tidemill.embedded;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One call of an HTTP interface.
 *
 * @param method GET, POST or PUT
 * @param template the path, part by part; {@code *} stands for a parameter
 */
record Route(String method, List<String> template, Handler handler) {

  /** What answers. */
  interface Handler {
    /**
     * @param parameters what stood for each {@code *}, in order
     * @return the answer, to be written as JSON
     */
    Object answer(List<String> parameters, JsonNode body);
  }

  static Route of(String method, String template, Handler handler) {
    return new Route(method, List.of(template.split("/")), handler);
  }

  /** The parameters, if this route is meant. */
  Optional<List<String>> match(String calledMethod, List<String> path) {
    if (!method.equals(calledMethod) || path.size() != template.size()) {
      return Optional.empty();
    }
    List<String> parameters = new ArrayList<>();
    for (int i = 0; i < path.size(); i++) {
      if (template.get(i).equals("*")) {
        parameters.add(path.get(i));
      } else if (!template.get(i).equals(path.get(i))) {
        return Optional.empty();
      }
    }
    return Optional.of(parameters);
  }
}
