package dev.tidemill.extract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LinkHeaderTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "</p2>; rel=next",
        "</p2>;rel=\"next\"",
        "</p1>; rel=\"prev\", </p2>; rel=\"next\"; title=\"a, b; \\\" <c>\"",
        "</p1>; title=\"</x>; rel=next\"; rel=first, </p2> ; REL = \"last Next\"",
        "</p2>; flag; rel=next; rel=prev"
      })
  void the_next_page_is_found(String header) {
    assertThat(LinkHeader.next(List.of(header))).contains("/p2");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "</p2>",
        "</p2>; rel=prev",
        "</p2>; rel=prev; rel=next",
        "</p2>; rel=\"nextone\"",
        "</p2>; title=\"; rel=next\"",
        "/p2; rel=next"
      })
  void another_link_is_not_taken_for_it(String header) {
    assertThat(LinkHeader.next(List.of(header))).isEmpty();
  }

  @Test
  void it_can_be_in_any_of_several_headers() {
    assertThat(LinkHeader.next(List.of("</a>; rel=first", "</b>; rel=next"))).contains("/b");
  }

  @Test
  void a_long_header_is_read_in_one_go() {
    String title = "\\\"".repeat(50_000);
    assertThat(LinkHeader.next(List.of("</a>; title=\"" + title + "\"; rel=next"))).contains("/a");
    assertThat(LinkHeader.next(List.of("</a>" + "; x".repeat(50_000) + "; rel=next")))
        .contains("/a");
  }
}
