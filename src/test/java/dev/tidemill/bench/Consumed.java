package dev.tidemill.bench;

import java.lang.management.ManagementFactory;
import javax.management.AttributeNotFoundException;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/**
 * How many records of a topic the consumers of this process were given, by Kafka's own metrics: so
 * all contenders are watched in the same way, without a change to any.
 */
final class Consumed {
  private static final MBeanServer BEANS = ManagementFactory.getPlatformMBeanServer();
  private static final String TOTAL = "records-consumed-total";

  private final ObjectName pattern;

  Consumed(String topic) {
    try {
      pattern =
          new ObjectName(
              "kafka.consumer:type=consumer-fetch-manager-metrics,client-id=*,topic=" + topic);
    } catch (JMException e) {
      throw new IllegalArgumentException(topic, e);
    }
  }

  long records() {
    long sum = 0;
    for (ObjectName name : BEANS.queryNames(pattern, null)) {
      try {
        sum += ((Number) BEANS.getAttribute(name, TOTAL)).longValue();
      } catch (InstanceNotFoundException | AttributeNotFoundException e) {
        // its consumer is being made, or was closed since
      } catch (JMException e) {
        throw new IllegalStateException(name.toString(), e);
      }
    }
    return sum;
  }
}
