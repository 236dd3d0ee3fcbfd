# Tidemill as an image; docs/cluster.md says how to use it.
#
# Both base images are named by their line, not by their patch: a rebuild takes the security fixes.
# Another registry or another Java: --build-arg JAVA_IMAGE=…
ARG MAVEN_IMAGE=maven:3.9-eclipse-temurin-17
ARG JAVA_IMAGE=eclipse-temurin:17-jre-noble

FROM ${MAVEN_IMAGE} AS build
WORKDIR /build
# The dependencies first: they change less often than the sources, and are the slow part.
COPY pom.xml ./
RUN mvn -B -q -Dspotless.check.skip compile dependency:copy-dependencies@lib
COPY schemas schemas
COPY src/main src/main
# No tests here: mvn verify runs them, and needs neither this image nor its tools.
RUN mvn -B -q -Dspotless.check.skip compile jar:jar

FROM ${JAVA_IMAGE}
LABEL org.opencontainers.image.title="Tidemill" \
      org.opencontainers.image.description="Write the nightly SQL job, run it as a stream." \
      org.opencontainers.image.licenses="Apache-2.0"
# A number of its own, so that Kubernetes' runAsNonRoot can check it and volumes keep their owner.
RUN groupadd --system --gid 10001 tidemill \
 && useradd --system --uid 10001 --gid 10001 --home-dir /var/lib/tidemill --shell /usr/sbin/nologin tidemill \
 && install -d -o 10001 -g 10001 -m 0750 /var/lib/tidemill
COPY --from=build /build/target/lib /opt/tidemill/target/lib
COPY --from=build /build/target/tidemill.jar /opt/tidemill/target/
COPY LICENSE tidemill jvm.options /opt/tidemill/
RUN ln -s /opt/tidemill/tidemill /usr/local/bin/tidemill
# UTF-8: the ledger's lines. Half of the container's memory is heap; the state stores need the other half.
# run answers on this port, to the container alone unless TIDEMILL_HTTP_HOST says otherwise.
ENV LANG=C.UTF-8 \
    TIDEMILL_JAVA_OPTS="-XX:MaxRAMPercentage=50 -XX:+ExitOnOutOfMemoryError" \
    TIDEMILL_HTTP_PORT=8080
USER 10001:10001
# State stores. They are restored from Kafka if they are lost; a volume makes starts faster.
VOLUME /var/lib/tidemill
WORKDIR /var/lib/tidemill
# SIGTERM: commit, close, print the ledger. The launcher is replaced by Java, which gets it as process 1.
STOPSIGNAL SIGTERM
# Live, not ready: a restore may take its time, and a new start would only begin it anew.
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s --retries=3 \
  CMD ["bash", "-c", "[ -z \"$TIDEMILL_HTTP_PORT\" ] || { exec 3<>/dev/tcp/127.0.0.1/$TIDEMILL_HTTP_PORT && printf 'GET /health/live HTTP/1.0\\r\\n\\r\\n' >&3 && grep -q ' 200 OK' <&3; }"]
ENTRYPOINT ["/opt/tidemill/tidemill"]
CMD ["--help"]
