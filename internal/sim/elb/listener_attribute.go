package elb

import (
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	elbv2 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"berth/internal/sim/world"
)

// listenerAttributes are all attributes of a listener's protocol (ELB API reference 2015-12-01, ListenerAttribute).
func listenerAttributes(l *world.Listener) []attribute {
	switch l.Protocol {
	case "TCP":
		return []attribute{{"tcp.idle_timeout.seconds", "350", "60..6000"}}
	case "HTTP":
		return responseAttributes()
	case "HTTPS":
		return append(responseAttributes(), requestAttributes()...)
	default:
		return nil
	}
}

func responseAttributes() []attribute {
	out := []attribute{{"routing.http.response.server.enabled", "true", "bool"}}
	for header := range strings.FieldsSeq(`strict_transport_security access_control_allow_origin access_control_allow_methods
		access_control_allow_headers access_control_allow_credentials access_control_expose_headers access_control_max_age
		content_security_policy x_content_type_options x_frame_options`) {
		out = append(out, attribute{"routing.http.response." + header + ".header_value", "", "*"})
	}
	return out
}

func requestAttributes() []attribute {
	var out []attribute
	for header := range strings.FieldsSeq(`x_amzn_mtls_clientcert_serial_number x_amzn_mtls_clientcert_issuer
		x_amzn_mtls_clientcert_subject x_amzn_mtls_clientcert_validity x_amzn_mtls_clientcert_leaf x_amzn_mtls_clientcert
		x_amzn_tls_version x_amzn_tls_cipher_suite`) {
		out = append(out, attribute{"routing.http.request." + header + ".header_name", "", "*"})
	}
	return out
}

// DescribeListenerAttributes lists all attributes, set or not.
func DescribeListenerAttributes(c *world.Call, in *elbv2.DescribeListenerAttributesInput) (*elbv2.DescribeListenerAttributesOutput, error) {
	l, err := listenerBy(c.Region, in.ListenerArn)
	if err != nil {
		return nil, err
	}
	return &elbv2.DescribeListenerAttributesOutput{Attributes: toListenerAttributes(l)}, nil
}

// ModifyListenerAttributes sets some attributes; one bad one and nothing is set. It answers with all of them.
func ModifyListenerAttributes(c *world.Call, in *elbv2.ModifyListenerAttributesInput) (*elbv2.ModifyListenerAttributesOutput, error) {
	l, err := listenerBy(c.Region, in.ListenerArn)
	if err != nil {
		return nil, err
	}
	if err := needed("attributes", in.Attributes != nil); err != nil {
		return nil, err
	}
	changes := make([]setting, len(in.Attributes))
	for i, a := range in.Attributes {
		changes[i] = setting{aws.ToString(a.Key), aws.ToString(a.Value)}
	}
	if l.Attributes, err = change(listenerAttributes(l), l.Attributes, "Listener", changes); err != nil {
		return nil, err
	}
	return &elbv2.ModifyListenerAttributesOutput{Attributes: toListenerAttributes(l)}, nil
}

func toListenerAttributes(l *world.Listener) []types.ListenerAttribute {
	all := settings(listenerAttributes(l), l.Attributes)
	out := make([]types.ListenerAttribute, len(all))
	for i, s := range all {
		out[i] = types.ListenerAttribute{Key: aws.String(s.key), Value: aws.String(s.value)}
	}
	return out
}
