package shape

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancing/types"

	"berth/internal/model"
)

func opens(port, instancePort int32, front, back string) types.ListenerDescription {
	return types.ListenerDescription{Listener: &types.Listener{
		LoadBalancerPort: port, InstancePort: aws.Int32(instancePort), Protocol: aws.String(front), InstanceProtocol: aws.String(back),
	}}
}

func TestListenersOfOthersBesideOursAreTheirs(t *testing.T) {
	for _, c := range []struct {
		listeners          []types.ListenerDescription
		port, instancePort int
		protocol           string
	}{
		{nil, 0, 0, ""},
		{[]types.ListenerDescription{opens(22, 22, "TCP", "TCP"), opens(80, 8080, "http", "http")}, 80, 8080, "HTTP"},
		{[]types.ListenerDescription{opens(80, 8080, "HTTP", "HTTP"), opens(22, 22, "TCP", "TCP")}, 80, 8080, "HTTP"},
		{[]types.ListenerDescription{opens(443, 8080, "HTTPS", "HTTP"), opens(8443, 1, "SSL", "TCP")}, 8443, 1, "SSL to TCP"},
		{[]types.ListenerDescription{opens(443, 8080, "HTTPS", "HTTP")}, 0, 0, ""},
	} {
		port, instancePort, protocol := ClassicListener(c.listeners)
		if port != c.port || instancePort != c.instancePort || protocol != c.protocol {
			t.Errorf("got %d %d %q, want %d %d %q", port, instancePort, protocol, c.port, c.instancePort, c.protocol)
		}
	}
}

func TestWhatListensOn443IsTheEncryptedListener(t *testing.T) {
	secure := opens(443, 8080, "https", "http")
	secure.Listener.SSLCertificateId, secure.PolicyNames = aws.String("arn:a"), []string{"berth-ELBSecurityPolicy-TLS-1-2-2017-01"}
	got := ClassicTLS([]types.ListenerDescription{opens(80, 8080, "HTTP", "HTTP"), secure})
	want := model.ClassicTLS{
		Port: 443, InstancePort: 8080, Protocol: "HTTPS to HTTP", Certificate: "arn:a", Policy: "ELBSecurityPolicy-TLS-1-2-2017-01",
	}
	if got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	if got := ClassicTLS([]types.ListenerDescription{opens(80, 8080, "HTTP", "HTTP"), opens(8443, 1, "SSL", "TCP")}); got != (model.ClassicTLS{}) {
		t.Errorf("another port is taken for ours: %+v", got)
	}
}
