package option

// encryption are the settings about HTTPS.
func encryption() []Option {
	const certificate = `"arn:aws:acm:eu-west-1:123456789012:certificate/0f0e0d0c-0b0a-4908-8706-050403020100"`
	return []Option{
		{
			Name: "certificate_arn", Kind: Flexible, Scope: Balancer, Words: "none: HTTP only", Example: certificate,
			Meaning: "The certificate of ACM, or IAM, that turns HTTPS on, on port 443. Of a list the first is the default, and clients choose by name.",
		},
		{
			Name: "redirect_http", Kind: Bool, Scope: Balancer, Words: "true with certificate_arn", Example: `false`,
			Beside:  "certificate_arn = " + certificate + "\n",
			Meaning: "Port 80 only sends clients to HTTPS. When false, it serves them in the clear beside HTTPS.",
		},
		{
			Name: "tls_policy", Kind: Text, Scope: Balancer, Words: "`ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09`; classic: `ELBSecurityPolicy-TLS-1-2-2017-01`",
			Example: `"ELBSecurityPolicy-TLS13-1-3-PQ-2025-09"`, Beside: "certificate_arn = " + certificate + "\n",
			Meaning: "Elastic Load Balancing's security policy: which versions of TLS and which ciphers clients may use.",
		},
	}
}
