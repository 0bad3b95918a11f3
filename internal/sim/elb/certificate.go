package elb

import (
	"regexp"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	elbv2 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"berth/internal/sim/elb/cipher"
	"berth/internal/sim/world"
)

// secure tells whether a protocol needs a certificate.
func secure(protocol string) bool {
	return protocol == "HTTPS" || protocol == "TLS" || protocol == "SSL"
}

// certified tells whether an ARN could name a certificate of the region or a server certificate of IAM. There is no
// certificate manager here, so every well-formed one exists, whatever its account: a client is rehearsed with its own.
func certified(r *world.Region, arn string) bool {
	return regexp.MustCompile(`^arn:aws[a-z-]*:acm:`+r.Name+`:[0-9]{12}:certificate/[0-9a-zA-Z-]+$`).MatchString(arn) ||
		regexp.MustCompile(`^arn:aws[a-z-]*:iam::[0-9]{12}:server-certificate/[\w+=,.@/-]+$`).MatchString(arn)
}

// defaultCertificate checks the certificate list of a create or modify call and gives the one in it.
func defaultCertificate(r *world.Region, protocol string, in []types.Certificate) (string, error) {
	switch {
	case !secure(protocol) && len(in) > 0:
		return "", invalid("Certificates cannot be specified for %s listeners", protocol)
	case !secure(protocol):
		return "", nil
	case len(in) == 0:
		return "", invalid("A certificate must be specified for %s listeners", protocol)
	case len(in) > 1:
		return "", invalid("Only one certificate can be specified as the default certificate")
	case in[0].IsDefault != nil:
		return "", invalid("The IsDefault attribute cannot be specified for the default certificate")
	}
	arn := aws.ToString(in[0].CertificateArn)
	if !certified(r, arn) {
		return "", refuse("CertificateNotFound", "Certificate '%s' not found", arn)
	}
	return arn, nil
}

// sslPolicy checks the security policy of a listener; none means the usual one.
func sslPolicy(protocol string, asked *string) (string, error) {
	switch {
	case !secure(protocol) && asked != nil:
		return "", invalid("An SSL policy cannot be specified for %s listeners", protocol)
	case !secure(protocol):
		return "", nil
	case asked == nil:
		return cipher.Usual, nil
	}
	if p, known := cipher.Find(*asked); known {
		return p.Name, nil
	}
	return "", refuse("SSLPolicyNotFound", "SSL policy '%s' not found", *asked)
}

// AddListenerCertificates adds certificates to those that a listener chooses from by name; one that is there stays. The
// default one may be among them.
func AddListenerCertificates(c *world.Call, in *elbv2.AddListenerCertificatesInput) (*elbv2.AddListenerCertificatesOutput, error) {
	l, arns, err := listenerCertificates(c.Region, in.ListenerArn, in.Certificates)
	if err != nil {
		return nil, err
	}
	all := slices.Clone(l.Certificates)
	for _, arn := range arns {
		if !certified(c.Region, arn) {
			return nil, refuse("CertificateNotFound", "Certificate '%s' not found", arn)
		}
		if !slices.Contains(all, arn) {
			all = append(all, arn)
		}
	}
	if len(all) > certificatesPerALB().in(c.Region) {
		return nil, refuse("TooManyCertificates", "The maximum number of certificates has been reached for listener '%s'", l.ARN)
	}
	l.Certificates = all
	out := &elbv2.AddListenerCertificatesOutput{}
	for _, arn := range arns {
		out.Certificates = append(out.Certificates, types.Certificate{CertificateArn: aws.String(arn), IsDefault: aws.Bool(arn == l.Certificate)})
	}
	return out, nil
}

// RemoveListenerCertificates takes certificates off a listener; the default one stays.
func RemoveListenerCertificates(c *world.Call, in *elbv2.RemoveListenerCertificatesInput) (*elbv2.RemoveListenerCertificatesOutput, error) {
	l, arns, err := listenerCertificates(c.Region, in.ListenerArn, in.Certificates)
	if err != nil {
		return nil, err
	}
	if slices.Contains(arns, l.Certificate) {
		return nil, refuse("OperationNotPermitted", "Default certificate cannot be removed from listener '%s'", l.ARN)
	}
	l.Certificates = slices.DeleteFunc(slices.Clone(l.Certificates), func(arn string) bool { return slices.Contains(arns, arn) })
	return &elbv2.RemoveListenerCertificatesOutput{}, nil
}

func listenerCertificates(r *world.Region, listener *string, in []types.Certificate) (*world.Listener, []string, error) {
	l, err := listenerBy(r, listener)
	if err != nil {
		return nil, nil, err
	}
	if err := needed("certificates", len(in) > 0); err != nil {
		return nil, nil, err
	}
	if !secure(l.Protocol) {
		return nil, nil, invalid("Certificates cannot be specified for %s listeners", l.Protocol)
	}
	arns := make([]string, len(in))
	for i, cert := range in {
		arns[i] = aws.ToString(cert.CertificateArn)
	}
	return l, arns, nil
}

// DescribeListenerCertificates lists the default certificate of a listener, then the further ones.
func DescribeListenerCertificates(c *world.Call, in *elbv2.DescribeListenerCertificatesInput) (*elbv2.DescribeListenerCertificatesOutput, error) {
	l, err := listenerBy(c.Region, in.ListenerArn)
	if err != nil {
		return nil, err
	}
	var all []types.Certificate
	if l.Certificate != "" {
		all = append(all, types.Certificate{CertificateArn: aws.String(l.Certificate), IsDefault: aws.Bool(true)})
	}
	for _, arn := range l.Certificates {
		all = append(all, types.Certificate{CertificateArn: aws.String(arn), IsDefault: aws.Bool(false)})
	}
	rows, next, err := page(all, in.Marker, in.PageSize)
	if err != nil {
		return nil, err
	}
	return &elbv2.DescribeListenerCertificatesOutput{Certificates: rows, NextMarker: next}, nil
}
