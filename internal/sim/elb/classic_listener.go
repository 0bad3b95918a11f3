package elb

import (
	"cmp"
	"net/http"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	elbv1 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancing"
	types1 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancing/types"

	"berth/internal/sim/elb/cipher"
	"berth/internal/sim/world"
)

// CreateClassicListeners opens ports of a classic load balancer; one that is open the same way already stays.
func CreateClassicListeners(c *world.Call, in *elbv1.CreateLoadBalancerListenersInput) (*elbv1.CreateLoadBalancerListenersOutput, error) {
	b, err := classicBy(c.Region, in.LoadBalancerName)
	if err != nil {
		return nil, err
	}
	if err := needed("listeners", len(in.Listeners) > 0); err != nil {
		return nil, err
	}
	before := slices.Clone(b.Listeners)
	for _, l := range in.Listeners {
		if err := addClassicListener(c.Region, b, l); err != nil {
			b.Listeners = before
			return nil, err
		}
	}
	stir(c.World, c.Region, b.Name)
	return &elbv1.CreateLoadBalancerListenersOutput{}, nil
}

// addClassicListener checks a listener and adds it to a load balancer, unless it is there already.
func addClassicListener(r *world.Region, b *world.ClassicBalancer, in types1.Listener) error {
	l, err := classicListener(r, in)
	if err != nil {
		return err
	}
	for _, old := range b.Listeners {
		if old.Port != l.Port {
			continue
		}
		if old.Protocol != l.Protocol || old.InstanceProtocol != l.InstanceProtocol ||
			old.InstancePort != l.InstancePort || old.Certificate != l.Certificate {
			return refuse("DuplicateListener", "A listener already exists for %s with LoadBalancerPort %d, but with a different InstancePort, Protocol, or SSLCertificateId", b.Name, l.Port)
		}
		return nil
	}
	if len(b.Listeners) >= listenersPerClassic().in(r) {
		return misconfigured(http.StatusConflict, "The maximum number of listeners has been reached for load balancer %s", b.Name)
	}
	b.Listeners = append(b.Listeners, l)
	return nil
}

func classicListener(r *world.Region, in types1.Listener) (world.ClassicListener, error) {
	l := world.ClassicListener{
		Protocol: strings.ToUpper(aws.ToString(in.Protocol)), Port: in.LoadBalancerPort, InstancePort: aws.ToInt32(in.InstancePort),
		InstanceProtocol: strings.ToUpper(aws.ToString(in.InstanceProtocol)), Certificate: aws.ToString(in.SSLCertificateId),
	}
	err := first(
		needed("listeners.1.member.protocol", in.Protocol != nil),
		needed("listeners.1.member.instancePort", in.InstancePort != nil),
		within("listeners.1.member.loadBalancerPort", &in.LoadBalancerPort, 1, 65535),
		within("listeners.1.member.instancePort", in.InstancePort, 1, 65535),
	)
	if err != nil {
		return l, err
	}
	l.InstanceProtocol = cmp.Or(l.InstanceProtocol, plain(l.Protocol))
	switch {
	case layer(l.Protocol) == 0:
		return l, refuse("UnsupportedProtocol", "Protocol %s is not supported: it must be HTTP, HTTPS, TCP or SSL", l.Protocol)
	case layer(l.Protocol) != layer(l.InstanceProtocol):
		return l, misconfigured(http.StatusConflict, "The front-end protocol %s and the back-end protocol %s must be of the same layer", l.Protocol, l.InstanceProtocol)
	case secure(l.Protocol) && l.Certificate == "":
		return l, invalid("Secure Listeners need to specify a SSLCertificateId")
	case !secure(l.Protocol) && l.Certificate != "":
		return l, misconfigured(http.StatusConflict, "SSLCertificateId can be specified for secure listeners only")
	case secure(l.Protocol) && !certified(r, l.Certificate):
		return l, refuse("CertificateNotFound", "Server Certificate not found for the key: %s", l.Certificate)
	}
	if secure(l.Protocol) {
		l.Policies = []string{cipher.Usual}
	}
	return l, nil
}

// layer is the network layer of a protocol; 0 is none that classic load balancers speak.
func layer(protocol string) int {
	switch protocol {
	case "HTTP", "HTTPS":
		return 7
	case "TCP", "SSL":
		return 4
	}
	return 0
}

// plain is a protocol without encryption.
func plain(protocol string) string {
	switch protocol {
	case "HTTPS":
		return "HTTP"
	case "SSL":
		return "TCP"
	}
	return protocol
}

// DeleteClassicListeners closes ports; those that are not open are skipped.
func DeleteClassicListeners(c *world.Call, in *elbv1.DeleteLoadBalancerListenersInput) (*elbv1.DeleteLoadBalancerListenersOutput, error) {
	b, err := classicBy(c.Region, in.LoadBalancerName)
	if err != nil {
		return nil, err
	}
	if err := needed("loadBalancerPorts", len(in.LoadBalancerPorts) > 0); err != nil {
		return nil, err
	}
	b.Listeners = slices.DeleteFunc(slices.Clone(b.Listeners), func(l world.ClassicListener) bool {
		return slices.Contains(in.LoadBalancerPorts, l.Port)
	})
	stir(c.World, c.Region, b.Name)
	return &elbv1.DeleteLoadBalancerListenersOutput{}, nil
}

// SetClassicCertificate replaces the certificate of a secure listener.
func SetClassicCertificate(c *world.Call, in *elbv1.SetLoadBalancerListenerSSLCertificateInput) (*elbv1.SetLoadBalancerListenerSSLCertificateOutput, error) {
	b, err := classicBy(c.Region, in.LoadBalancerName)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(b.Listeners, func(l world.ClassicListener) bool { return l.Port == in.LoadBalancerPort })
	arn := aws.ToString(in.SSLCertificateId)
	switch {
	case i < 0:
		return nil, refuse("ListenerNotFound", "There is no listener with port %d for load balancer %s", in.LoadBalancerPort, b.Name)
	case !secure(b.Listeners[i].Protocol):
		return nil, misconfigured(http.StatusConflict, "The listener with port %d is not secure", in.LoadBalancerPort)
	case !certified(c.Region, arn):
		return nil, refuse("CertificateNotFound", "Server Certificate not found for the key: %s", arn)
	}
	b.Listeners[i].Certificate = arn
	return &elbv1.SetLoadBalancerListenerSSLCertificateOutput{}, nil
}

func toClassicListener(l world.ClassicListener) types1.ListenerDescription {
	out := types1.ListenerDescription{
		Listener: &types1.Listener{
			Protocol: aws.String(l.Protocol), LoadBalancerPort: l.Port,
			InstanceProtocol: aws.String(l.InstanceProtocol), InstancePort: aws.Int32(l.InstancePort),
		},
		PolicyNames: slices.Concat([]string{}, l.Policies),
	}
	if l.Certificate != "" {
		out.Listener.SSLCertificateId = aws.String(l.Certificate)
	}
	return out
}
