import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategy;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.core.JsonGenerator;
import com.voximplant.apiclient.ClientConfiguration;
import com.voximplant.apiclient.VoximplantAPIClient;
import com.voximplant.apiclient.util.MultiArgument;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.text.ParsePosition;
import java.text.SimpleDateFormat;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TimeZone;

/** The common steps, by the official Java SDK. One JSON line in, one out; see ../README.md. */
public class Steps {
  private static final ObjectMapper JSON = new ObjectMapper()
      .setPropertyNamingStrategy(PropertyNamingStrategy.SNAKE_CASE)
      .setVisibility(PropertyAccessor.ALL, Visibility.NONE)
      .setVisibility(PropertyAccessor.FIELD, Visibility.ANY)
      .setSerializationInclusion(Include.NON_NULL)
      .registerModule(new SimpleModule().addSerializer(Date.class, new DatesAsOnTheWire()));
  private static final Map<String, VoximplantAPIClient> clients = new HashMap<>();

  public static void main(String[] args) throws IOException {
    if (args.length > 0) {
      System.out.printf("Java %s, SDK %s%n", Runtime.version().feature(), sdkVersion());
      return;
    }
    var out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    System.setOut(new PrintStream(java.io.OutputStream.nullOutputStream())); // the SDK prints a line for each token
    var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      out.println(JSON.writeValueAsString(outcome(JSON.readTree(line))));
    }
  }

  private static String sdkVersion() throws IOException {
    var properties = new java.util.Properties();
    properties.load(Steps.class.getResourceAsStream("/META-INF/maven/com.voximplant/apiclient/pom.properties"));
    return properties.getProperty("version");
  }

  private static Map<String, Object> outcome(JsonNode step) {
    try {
      ObjectNode reply = JSON.valueToTree(call(step));
      return reply.has("error") ? Map.of("error", reply.get("error")) : Map.of("reply", reply);
    } catch (InvocationTargetException e) {
      return Map.of("exception", String.valueOf(e.getCause()));
    } catch (Exception e) {
      return Map.of("exception", e.toString());
    }
  }

  /** Makes the method's request object, sets what the step gives, and calls. */
  private static Object call(JsonNode step) throws Exception {
    String method = step.get("method").asText();
    Class<?> type = Class.forName("com.voximplant.apiclient.request." + method + "Request");
    Object request = type.getDeclaredConstructor().newInstance();
    for (var fields = step.get("parameters").fields(); fields.hasNext();) {
      var field = fields.next();
      Method setter = setter(type, "set" + camel(field.getKey()));
      setter.invoke(request, argument(setter.getGenericParameterTypes()[0], field.getValue()));
    }
    String name = method.substring(0, 1).toLowerCase() + method.substring(1);
    return VoximplantAPIClient.class.getMethod(name, type).invoke(client(step.get("key").asText()), request);
  }

  private static VoximplantAPIClient client(String key) throws Exception {
    if (!clients.containsKey(key)) {
      clients.put(key, new VoximplantAPIClient(ClientConfiguration.builder()
          .setCredentialsPath(System.getenv("VOXEMU_CREDENTIALS_DIR") + "/" + key + ".json")
          .setApiHost(System.getenv("VOXEMU_TLS_HOST")).build()));
    }
    return clients.get(key);
  }

  private static Method setter(Class<?> type, String name) throws NoSuchMethodException {
    for (Method method : type.getMethods()) {
      if (method.getName().equals(name)) {
        return method;
      }
    }
    throw new NoSuchMethodException(type.getSimpleName() + "." + name);
  }

  private static String camel(String name) {
    var text = new StringBuilder();
    for (String word : name.split("_")) {
      text.append(word.substring(0, 1).toUpperCase()).append(word.substring(1));
    }
    return text.toString();
  }

  /** Gives a value the type that the setter wants; lists are MultiArguments. */
  private static Object argument(Type wanted, JsonNode value) throws JsonProcessingException {
    if (wanted == Date.class) {
      var format = new SimpleDateFormat("yyyy-MM-dd HH:mm:ss");
      format.setTimeZone(TimeZone.getTimeZone("UTC"));
      return format.parse(value.asText(), new ParsePosition(0));
    }
    if (!(wanted instanceof ParameterizedType list)) {
      return JSON.treeToValue(value, (Class<?>) wanted);
    }
    if (value.asText().equals("all")) {
      return MultiArgument.forAllValues();
    }
    if (!value.isArray()) {
      return MultiArgument.forSingleValue(argument(list.getActualTypeArguments()[0], value));
    }
    List<Object> values = new ArrayList<>();
    for (JsonNode item : value) {
      values.add(argument(list.getActualTypeArguments()[0], item));
    }
    return MultiArgument.forMultipleValues(values);
  }

  /** The SDK turns dates into objects; this is how they came: a day, or a moment. */
  private static final class DatesAsOnTheWire extends JsonSerializer<Date> {
    @Override
    public void serialize(Date date, JsonGenerator out, SerializerProvider provider) throws IOException {
      boolean day = out.getOutputContext().getCurrentName().equals("next_subscription_renewal");
      var format = new SimpleDateFormat(day ? "yyyy-MM-dd" : "yyyy-MM-dd HH:mm:ss");
      format.setTimeZone(TimeZone.getTimeZone("UTC"));
      out.writeString(format.format(date));
    }
  }
}
