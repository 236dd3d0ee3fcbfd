package dev.tidemill.bench;

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import javax.management.AttributeNotFoundException;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/**
 * How many records of a log the consumers of this process were given, by Kafka's own metrics: so
 * all contenders are watched in the same way, without a change to any. It is the lag that is read,
 * which is new after each poll; the metrics that count records lag behind by a fetch.
 */
final class Consumed {
  private static final MBeanServer BEANS = ManagementFactory.getPlatformMBeanServer();

  private final ObjectName pattern;
  private final List<Long> ends;

  Consumed(LogInfo log) {
    this.ends = log.ends();
    try {
      pattern =
          new ObjectName(
              "kafka.consumer:type=consumer-fetch-manager-metrics,client-id=*,topic="
                  + log.topic()
                  + ",partition=*");
    } catch (JMException e) {
      throw new IllegalArgumentException(log.topic(), e);
    }
  }

  long records() {
    long[] read = new long[ends.size()];
    for (ObjectName name : BEANS.queryNames(pattern, null)) {
      int partition = Integer.parseInt(name.getKeyProperty("partition"));
      // More than one if the partition has changed hands.
      read[partition] = Math.max(read[partition], read(name, ends.get(partition)));
    }
    return Arrays.stream(read).sum();
  }

  private static long read(ObjectName name, long end) {
    try {
      double lag = ((Number) BEANS.getAttribute(name, "records-lag")).doubleValue();
      return Double.isNaN(lag) ? 0 : end - (long) lag;
    } catch (InstanceNotFoundException | AttributeNotFoundException e) {
      return 0; // its consumer is being made, or was closed since
    } catch (JMException e) {
      throw new IllegalStateException(name.toString(), e);
    }
  }
}
