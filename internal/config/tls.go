package config

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"berth/internal/config/tfvars"
	"berth/internal/spell"
)

// TLS is how a load balancer encrypts; without certificates it does not.
type TLS struct {
	Certificates []string // ARNs, the default one first
	Policy       string   // Elastic Load Balancing's name of a security policy
	Redirect     bool     // port 80 only sends clients to HTTPS
}

// On tells whether clients can use HTTPS.
func (t TLS) On() bool { return len(t.Certificates) > 0 }

// maxCertificates is the default one and the 25 that AWS adds unless asked for more (Elastic Load Balancing user guide,
// "Quotas for your Application Load Balancers").
const maxCertificates = 26

// The security policies of listeners that name none: what AWS recommends, and the strictest that classic load balancers
// have (Elastic Load Balancing user guides, "Security policies").
const (
	usualPolicy   = "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09"
	classicPolicy = "ELBSecurityPolicy-TLS-1-2-2017-01"
)

// UsualPolicy is the security policy of a type of load balancer whose file names none.
func UsualPolicy(kind string) string {
	if kind == Classic {
		return classicPolicy
	}
	return usualPolicy
}

// policies are the security policies that a type of load balancer knows, without their common beginning.
func policies(kind string) []string {
	names := []string{
		"TLS13-1-3-PQ-2025-09", "TLS13-1-3-2021-06", "TLS13-1-3-FIPS-PQ-2025-09", "TLS13-1-3-FIPS-2023-04", "TLS13-1-3-RFC9151-FIPS-2023-07",
		"TLS13-1-2-Res-PQ-2025-09", "TLS13-1-2-Res-2021-06", "TLS13-1-2-Res-FIPS-PQ-2025-09", "TLS13-1-2-Res-FIPS-2023-04",
		"TLS13-1-2-PQ-2025-09", "TLS13-1-2-2021-06", "TLS13-1-2-FIPS-PQ-2025-09", "TLS13-1-2-FIPS-2023-04",
		"TLS13-1-2-Ext0-FIPS-PQ-2025-09", "TLS13-1-2-Ext0-FIPS-2023-04",
		"TLS13-1-2-Ext1-PQ-2025-09", "TLS13-1-2-Ext1-2021-06", "TLS13-1-2-Ext1-FIPS-PQ-2025-09", "TLS13-1-2-Ext1-FIPS-2023-04",
		"TLS13-1-2-Ext2-PQ-2025-09", "TLS13-1-2-Ext2-2021-06", "TLS13-1-2-Ext2-FIPS-PQ-2025-09", "TLS13-1-2-Ext2-FIPS-2023-04",
		"TLS13-1-2-RFC9151-FIPS-2023-07", "TLS13-1-2-Ext0-RFC9151-FIPS-2023-07",
		"TLS13-1-2-RFC9151-INTEROP1-FIPS-2023-07", "TLS13-1-2-RFC9151-INTEROP2-FIPS-2023-07",
		"TLS13-1-2-RFC9151-INTEROP3-FIPS-2023-07", "TLS13-1-2-RFC9151-INTEROP4-FIPS-2023-07",
		"TLS13-1-1-2021-06", "TLS13-1-1-FIPS-2023-04",
		"TLS13-1-0-PQ-2025-09", "TLS13-1-0-2021-06", "TLS13-1-0-FIPS-PQ-2025-09", "TLS13-1-0-FIPS-2023-04",
		"FS-1-2-Res-2020-10", "FS-1-2-Res-2019-08", "FS-1-2-2019-08", "FS-1-1-2019-08", "FS-2018-06",
		"TLS-1-2-2017-01", "TLS-1-2-Ext-2018-06", "TLS-1-1-2017-01", "2016-08",
	}
	if kind == Classic {
		names = []string{"TLS-1-2-2017-01", "TLS-1-1-2017-01", "2016-08", "2015-05"}
	}
	for i, n := range names {
		names[i] = "ELBSecurityPolicy-" + n
	}
	return names
}

// OldTLS is the oldest version of TLS that a security policy lets clients use, when that is 1.0 or 1.1; else "".
func OldTLS(policy string) string {
	name := strings.TrimPrefix(policy, "ELBSecurityPolicy-")
	switch {
	case strings.Contains(name, "-1-1-"):
		return "1.1"
	case strings.Contains(name, "-1-0-"), slices.Contains([]string{"2016-08", "2015-05", "FS-2018-06"}, name):
		return "1.0"
	}
	return ""
}

// tls reads what turns HTTPS on, and what is about HTTPS alone.
func (s settings) tls(kind, region string) TLS {
	t := TLS{Certificates: s.certificates(kind, region)}
	if _, given := s.values["certificate_arn"]; !given {
		for _, name := range []string{"redirect_http", "tls_policy"} {
			if v, given := s.values[name]; given {
				s.Fail(v.At, Fault{
					Code: codeNotHere, Summary: v.Path + " means nothing without a certificate",
					Hint: "add certificate_arn = " + exampleCertificate(region) + ", or leave it out",
				})
			}
		}
		return t
	}
	t.Policy, t.Redirect = s.policy(kind), kind == Application
	v, given := s.values["redirect_http"]
	switch {
	case given && kind == Classic:
		s.Fail(v.At, Fault{
			Code: codeNotHere, Summary: v.Path + " means nothing to a classic load balancer", Detail: "It cannot answer by itself: port 80 serves beside 443.",
			Hint: `leave it out, or write type = "application"`,
		})
	case given:
		t.Redirect = s.truth("redirect_http")
	}
	return t
}

// exampleCertificate is how a certificate of the region is written, quotes and all.
func exampleCertificate(region string) string {
	return `"arn:` + Partition(region) + ":acm:" + region + `:123456789012:certificate/0f0e0d0c-0b0a-4908-8706-050403020100"`
}

// certificates reads the ARNs of certificates, each of which a load balancer of the region can use.
func (s settings) certificates(kind, region string) []string {
	list, ok := s.list("certificate_arn")
	v := s.values["certificate_arn"]
	f := Fault{Summary: v.Path + " names no certificate", Hint: "leave it out for plain HTTP, or write " + exampleCertificate(region)}
	switch {
	case ok && len(list) == 0:
		f.Code = codeMissing
	case len(list) > 1 && kind == Classic:
		f.Code, f.Summary = codeTooMany, v.Path+" has "+strconv.Itoa(len(list))+" certificates, and a classic load balancer takes one"
		f.Detail, f.Hint = "It cannot choose by the name that a client asks for.", `keep one, or write type = "application"`
	case len(list) > maxCertificates:
		f.Code, f.Summary = codeTooMany, v.Path+" has "+strconv.Itoa(len(list))+" certificates, and "+strconv.Itoa(maxCertificates)+" are possible"
		f.Hint = "one certificate can be for many names; take " + strconv.Itoa(len(list)-maxCertificates) + " away"
	}
	if f.Code != "" {
		s.Fail(v.At, f)
	}
	var out []string
	for _, w := range list {
		if slices.Contains(out, w.text) {
			s.Fail(w.At, Fault{Code: tfvars.CodeTwice, Summary: w.Path + " is named twice", Hint: "name each certificate once"})
			continue
		}
		s.checkCertificate(w, region)
		out = append(out, w.text)
	}
	return out
}

// The ARNs of certificates (AWS Certificate Manager user guide, IAM user guide "Manage server certificates").
var (
	acmCertificate = regexp.MustCompile(`^arn:(aws[a-z-]*):acm:([a-z0-9-]+):[0-9]{12}:certificate/[0-9a-zA-Z-]+$`)
	iamCertificate = regexp.MustCompile(`^arn:(aws[a-z-]*):iam:():[0-9]{12}:server-certificate/[\w+=,.@/-]+$`)
)

func (s settings) checkCertificate(w written, region string) {
	m := acmCertificate.FindStringSubmatch(w.text)
	if m == nil {
		m = iamCertificate.FindStringSubmatch(w.text)
	}
	if m == nil {
		s.Fail(w.At, Fault{
			Code: codeARN, Summary: w.Path + " cannot be " + tfvars.Quote(w.text), Detail: "It is no certificate's ARN.",
			Hint: "write it like " + exampleCertificate(region) + "; those you have: aws acm list-certificates --region " + region,
		})
		return
	}
	f := Fault{Code: codeElsewhere, Hint: "request or import one in " + region + ": aws acm request-certificate --region " + region + " --validation-method DNS --domain-name shop.example.com"}
	switch {
	case m[1] != Partition(region):
		f.Summary = w.Path + " is of the partition " + m[1] + ", and " + region + " is in " + Partition(region)
		s.Fail(w.At, f)
	case m[2] != "" && m[2] != region:
		f.Summary = w.Path + " is a certificate of " + m[2] + ", and the cluster is in " + region
		f.Detail = "A load balancer takes certificates of its own region only."
		s.Fail(w.At, f)
	}
}

// policy reads the security policy.
func (s settings) policy(kind string) string {
	name, given := s.text("tls_policy")
	known := policies(kind)
	switch {
	case !given:
		return UsualPolicy(kind)
	case slices.Contains(known, name):
		return name
	}
	v := s.values["tls_policy"]
	f := Fault{
		Code: codePolicy, Summary: v.Path + " cannot be " + tfvars.Quote(name), Detail: "No security policy of " + kind + " load balancers is called so.",
		Hint: "leave it out for " + tfvars.Quote(UsualPolicy(kind)) + "; all of them: aws elbv2 describe-ssl-policies --query 'SslPolicies[].Name'",
	}
	if kind == Classic {
		f.Hint = "one of: " + strings.Join(known, ", ")
	}
	if near := spell.Nearest(name, known); near != "" {
		f.Hint = "did you mean " + tfvars.Quote(near) + "?\n" + f.Hint
	}
	s.Fail(v.At, f)
	return name
}
