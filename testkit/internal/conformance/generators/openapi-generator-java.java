import com.fasterxml.jackson.databind.DeserializationFeature;
import java.net.URI;
import java.util.stream.Collectors;

public class Main {
  public static void main(String[] args) throws Exception {
    String url = System.getenv("URL");
    api.ApiClient client = new api.ApiClient();
    client.updateBaseUri(url);
    // A union is told apart by unknown members, which the default mapper ignores.
    client.setObjectMapper(api.ApiClient.createDefaultObjectMapper().enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES));
    // The library native knows no credentials in the query.
    client.setRequestInterceptor(r -> r.uri(URI.create(r.build().uri() + "?account_id=1&api_key=demo-key")));
    api.SipRegistrationApi calls = new api.SipRegistrationApi(client);

    var list = calls.getSipRegistrations(null, null, false, null, null, null, null, null, null, null, null, null, null, null, "200;403", null, null);
    System.out.println("list " + list.getGetSipRegistrationsResult().getResult().stream()
        .map(r -> r.getSipRegistrationId().toString()).collect(Collectors.joining(",")));
    var created = calls.createSipRegistration("JohnGalt", "sip.example.com", null, null, null, null, null, null, null, null, null, null);
    Long id = created.getCreateSipRegistrationResult().getSipRegistrationId();
    System.out.println("create " + id);
    var refused = calls.createSipRegistration("", "sip.example.com", null, null, null, null, null, null, null, null, null, null);
    System.out.println("error " + refused.getErrorReply().getError().getCode());
    var deleted = calls.deleteSipRegistration(id);
    System.out.println("delete " + deleted.getDone().getResult());
    control.ApiClient own = new control.ApiClient();
    own.updateBaseUri(url);
    System.out.println("control " + new control.AccountsApi(own).listAccounts().getAccounts().get(0).getName());
  }
}
