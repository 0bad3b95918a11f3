package cloud

import (
	"context"
	"encoding/pem"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"berth/internal/clock"
)

// quiet hides whatever the machine has of AWS: its files and its variables.
func quiet(t *testing.T) {
	t.Helper()
	for _, pair := range os.Environ() {
		if name, _, _ := strings.Cut(pair, "="); strings.HasPrefix(name, "AWS_") {
			t.Setenv(name, "") // remembers what it was
			_ = os.Unsetenv(name)
		}
	}
	t.Setenv("AWS_CONFIG_FILE", filepath.Join(t.TempDir(), "config"))
	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", filepath.Join(t.TempDir(), "credentials"))
}

func who(ctx context.Context, c *Cloud) (*sts.GetCallerIdentityOutput, error) {
	return Read(ctx, c, c.STS.GetCallerIdentity, &sts.GetCallerIdentityInput{})
}

// metadata is an EC2 instance's metadata service.
func metadata(t *testing.T, serve http.HandlerFunc) (asked *atomic.Int64) {
	t.Helper()
	quiet(t)
	asked = &atomic.Int64{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		serve(w, r)
	}))
	t.Cleanup(server.Close)
	t.Setenv("AWS_EC2_METADATA_SERVICE_ENDPOINT", server.URL)
	return asked
}

func TestSearchForCredentialsEndsSoonWhereThereAreNone(t *testing.T) {
	silent := func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }
	nothing := func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotFound) }
	broken := func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) }
	for name, one := range map[string]struct {
		serve http.HandlerFunc
		most  int64 // requests; an unanswered one takes half a second
	}{"nobody answers": {silent, 4}, "no role": {nothing, 2}, "out of order": {broken, 6}} {
		t.Run(name, func(t *testing.T) {
			asked := metadata(t, one.serve)
			c, err := Open(t.Context(), Account{Region: "eu-west-1"}, Options{Clock: clock.System(), Width: 1})
			if err != nil {
				t.Fatal(err)
			}
			began := time.Now()
			_, err = who(t.Context(), c)
			if !Credentials(err) || Lost(err) {
				t.Errorf("without credentials it says %v", err)
			}
			if d := time.Since(began); name == "out of order" && d > 4*time.Second { // mostly 0.3 s; the SDK's own patience is 5 s
				t.Errorf("it took %v", d)
			}
			if n := asked.Load(); n > one.most {
				t.Errorf("the metadata service was asked %d times, want %d at the most", n, one.most)
			}
			p, ok := ProblemOf(err)
			if !ok || p.String() != "sts:GetCallerIdentity: there are none in the environment, in the profile or from an instance's role" {
				t.Errorf("it says %q", p.String())
			}
		})
	}
}

func TestRoleOfTheInstanceIsUsed(t *testing.T) {
	asked := metadata(t, func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == "/latest/api/token" && r.Method == http.MethodPut:
			w.Header().Set("X-Aws-Ec2-Metadata-Token-Ttl-Seconds", "21600")
			_, _ = io.WriteString(w, "token")
		case r.Header.Get("X-Aws-Ec2-Metadata-Token") != "token":
			w.WriteHeader(http.StatusUnauthorized)
		case r.URL.Path == "/latest/meta-data/iam/security-credentials/":
			_, _ = io.WriteString(w, "deployer")
		case r.URL.Path == "/latest/meta-data/iam/security-credentials/deployer":
			_, _ = io.WriteString(w, `{"Code":"Success","Type":"AWS-HMAC","AccessKeyId":"ASIAROLE","SecretAccessKey":"s","Token":"t","Expiration":"2099-01-01T00:00:00Z"}`)
		default:
			w.WriteHeader(http.StatusNotFound)
		}
	})
	signed := ""
	aws := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		signed = r.Header.Get("Authorization")
		_, _ = io.WriteString(w, "<R><GetCallerIdentityResult><Account>123456789012</Account></GetCallerIdentityResult></R>")
	}))
	defer aws.Close()
	c, err := Open(t.Context(), Account{Region: "eu-west-1", Endpoint: aws.URL}, Options{Clock: clock.System(), Width: 1})
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if _, err := who(t.Context(), c); err != nil {
			t.Fatal(err)
		}
	}
	if !strings.Contains(signed, "Credential=ASIAROLE/") || asked.Load() != 3 {
		t.Errorf("signed with %q; the metadata service was asked %d times", signed, asked.Load())
	}
}

func TestMetadataServiceThatIsSwitchedOffIsNotAsked(t *testing.T) {
	asked := metadata(t, func(http.ResponseWriter, *http.Request) {})
	t.Setenv("AWS_EC2_METADATA_DISABLED", "true")
	c, err := Open(t.Context(), Account{Region: "eu-west-1"}, Options{Clock: clock.System()})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := who(t.Context(), c); !Credentials(err) || asked.Load() != 0 {
		t.Errorf("%v, after %d questions", err, asked.Load())
	}
}

func TestSourceOfCredentialsThatFailsIsAskedOnce(t *testing.T) {
	asked := 0
	denied := &net.OpError{Op: "dial", Err: context.DeadlineExceeded} // whatever it looks like
	c := New(aws.Config{Region: "eu-west-1", Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
		asked++
		return aws.Credentials{}, denied
	})}, Options{Clock: clock.System()})
	_, err := who(t.Context(), c)
	if !Credentials(err) || Lost(err) || Unsent(err) || asked != 1 || !errors.Is(err, denied) {
		t.Errorf("asked %d times: %v", asked, err)
	}
	if p, _ := ProblemOf(err); !strings.Contains(p.Message, denied.Error()) {
		t.Errorf("it does not say why: %q", p.Message)
	}
}

func TestProfileThatIsNotThereIsAMatterOfCredentials(t *testing.T) {
	quiet(t)
	_, err := Open(t.Context(), Account{Region: "eu-west-1", Profile: "nope"}, Options{})
	p, ok := ProblemOf(err)
	if !Credentials(err) || !ok || !strings.Contains(p.String(), "nope") {
		t.Errorf("%v: %+v", err, p)
	}
}

func TestProfileIsReadFromTheSharedFiles(t *testing.T) {
	quiet(t)
	if err := os.WriteFile(os.Getenv("AWS_SHARED_CREDENTIALS_FILE"), []byte("[shop]\naws_access_key_id = AKIASHOP\naws_secret_access_key = secret\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	signed := ""
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		signed = r.Header.Get("Authorization")
		_, _ = io.WriteString(w, "<R><GetCallerIdentityResult/></R>")
	}))
	defer server.Close()
	t.Setenv("AWS_ENDPOINT_URL", server.URL)
	c, err := Open(t.Context(), Account{Region: "eu-west-3", Profile: "shop"}, Options{Clock: clock.System()})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := who(t.Context(), c); err != nil || !strings.Contains(signed, "Credential=AKIASHOP/") || !strings.Contains(signed, "/eu-west-3/sts/") {
		t.Errorf("%v; signed with %q", err, signed)
	}
}

// A company's proxy has certificates of its own.
func TestCertificatesThatTheUserNamesAreTrusted(t *testing.T) {
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "<R><GetCallerIdentityResult><Account>123456789012</Account></GetCallerIdentityResult></R>")
	}))
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	defer server.Close()
	for _, trusted := range []bool{true, false} {
		quiet(t)
		t.Setenv("AWS_ACCESS_KEY_ID", "AKIA")
		t.Setenv("AWS_SECRET_ACCESS_KEY", "secret")
		if trusted {
			t.Setenv("AWS_CA_BUNDLE", certificate(t, server))
		}
		c, err := Open(t.Context(), Account{Region: "eu-west-1", Endpoint: server.URL}, Options{Clock: clock.Scaled(1e6)})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := who(t.Context(), c); trusted != (err == nil) || !trusted && !Unsent(err) {
			t.Errorf("trusted %v: %v", trusted, err)
		}
	}
}

func TestPeerThatFallsSilentHoldsNobodyForEver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client := network(1).WithTransportOptions(func(tr *http.Transport) {
			tr.DialContext = func(context.Context, string, string) (net.Conn, error) {
				here, there := net.Pipe()
				go func() { _, _ = io.Copy(io.Discard, there) }()
				return here, nil
			}
		})
		c := New(aws.Config{
			Region: "eu-west-1", HTTPClient: copying{client}, BaseEndpoint: aws.String("http://silent.invalid"),
			Credentials: credentials.NewStaticCredentialsProvider("AKIA", "secret", ""),
		}, Options{Clock: clock.System()})
		began := time.Now()
		_, err := Write(t.Context(), c, c.STS.GetCallerIdentity, &sts.GetCallerIdentityInput{})
		if d := time.Since(began); d != time.Minute || !Lost(err) || Unsent(err) {
			t.Errorf("after %v: %v", d, err)
		}
	})
}

func TestNetworkIsGivenCopiesOfBodies(t *testing.T) {
	quiet(t)
	c, err := Open(t.Context(), Account{Region: "eu-west-1"}, Options{Clock: clock.System()})
	if err != nil {
		t.Fatal(err)
	}
	outer, ok := c.S3.Options().HTTPClient.(whole)
	if _, copies := outer.next.(copying); !ok || !copies {
		t.Errorf("the client is a %T around a %T", c.S3.Options().HTTPClient, outer.next)
	}
}

func TestNetworkKeepsAConnectionForEveryCallThatMayBeUnderWay(t *testing.T) {
	if n := network(32).GetTransport().MaxIdleConnsPerHost; n != 32 {
		t.Errorf("%d of 32 connections are kept", n)
	}
	if n := network(1).GetTransport().MaxIdleConnsPerHost; n < 1 {
		t.Errorf("%d connections are kept", n)
	}
}

// certificate writes a server's certificate into a file.
func certificate(t *testing.T, server *httptest.Server) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "ca.pem")
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}
