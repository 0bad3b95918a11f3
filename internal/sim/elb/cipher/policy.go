package cipher

import "slices"

// Usual is the security policy of listeners that name none.
const Usual = "ELBSecurityPolicy-2016-08"

// Policy is a predefined security policy.
type Policy struct {
	Name      string
	Protocols []string
	Ciphers   []string
}

// family is a group of policies that differ in their key exchange alone.
type family struct {
	names     []string
	protocols []string
	ciphers   []string
}

// Policies are the predefined ones of application and network load balancers (Application Load Balancers user guide,
// "Security policies").
func Policies() []Policy {
	var out []Policy
	for _, f := range append(modern(), old()...) {
		for _, n := range f.names {
			out = append(out, Policy{"ELBSecurityPolicy-" + n, f.protocols, f.ciphers})
		}
	}
	return out
}

// Find is the predefined policy of a name.
func Find(name string) (Policy, bool) {
	all := Policies()
	i := slices.IndexFunc(all, func(p Policy) bool { return p.Name == name })
	if i < 0 {
		return Policy{}, false
	}
	return all[i], true
}

// The ciphers, from the strictest set to the one that takes nearly everything; each has those of the ones before.
func tls13() []string {
	return []string{"TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256"}
}

func restricted() []string {
	return []string{
		"ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-RSA-AES128-GCM-SHA256",
		"ECDHE-ECDSA-AES256-GCM-SHA384", "ECDHE-RSA-AES256-GCM-SHA384",
	}
}

func forward() []string {
	return append(restricted(), "ECDHE-ECDSA-AES128-SHA256", "ECDHE-RSA-AES128-SHA256", "ECDHE-ECDSA-AES256-SHA384", "ECDHE-RSA-AES256-SHA384")
}

func forwardSHA() []string {
	return append(forward(), "ECDHE-ECDSA-AES128-SHA", "ECDHE-RSA-AES128-SHA", "ECDHE-RSA-AES256-SHA", "ECDHE-ECDSA-AES256-SHA")
}

func plainRSA() []string {
	return []string{"AES128-GCM-SHA256", "AES128-SHA256", "AES256-GCM-SHA384", "AES256-SHA256"}
}

func everything() []string {
	return slices.Concat(forwardSHA(), plainRSA(), []string{"AES128-SHA", "AES256-SHA"})
}

// modern are the policies that know TLS 1.3.
func modern() []family {
	v3, v2 := []string{"TLSv1.3"}, []string{"TLSv1.2", "TLSv1.3"}
	v1, v0 := []string{"TLSv1.1", "TLSv1.2", "TLSv1.3"}, []string{"TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"}
	with := func(more []string) []string { return append(tls13(), more...) }
	return []family{
		{[]string{"TLS13-1-3-2021-06", "TLS13-1-3-PQ-2025-09"}, v3, tls13()},
		{[]string{"TLS13-1-3-FIPS-2023-04", "TLS13-1-3-FIPS-PQ-2025-09"}, v3, tls13()[:2]},
		{[]string{"TLS13-1-3-RFC9151-FIPS-2023-07"}, v3, tls13()[1:2]},
		{[]string{"TLS13-1-2-Res-2021-06", "TLS13-1-2-Res-PQ-2025-09"}, v2, with(restricted())},
		{[]string{"TLS13-1-2-Res-FIPS-2023-04", "TLS13-1-2-Res-FIPS-PQ-2025-09"}, v2, append(tls13()[:2], restricted()...)},
		{[]string{"TLS13-1-2-2021-06", "TLS13-1-2-PQ-2025-09", "TLS13-1-2-FIPS-2023-04", "TLS13-1-2-FIPS-PQ-2025-09"}, v2, with(forward())},
		{[]string{"TLS13-1-2-Ext0-FIPS-2023-04", "TLS13-1-2-Ext0-FIPS-PQ-2025-09"}, v2, with(forwardSHA())},
		{
			[]string{"TLS13-1-2-Ext1-2021-06", "TLS13-1-2-Ext1-PQ-2025-09", "TLS13-1-2-Ext1-FIPS-2023-04", "TLS13-1-2-Ext1-FIPS-PQ-2025-09"},
			v2, with(append(forward(), plainRSA()...)),
		},
		{
			[]string{"TLS13-1-2-Ext2-2021-06", "TLS13-1-2-Ext2-PQ-2025-09", "TLS13-1-2-Ext2-FIPS-2023-04", "TLS13-1-2-Ext2-FIPS-PQ-2025-09"},
			v2, with(everything()),
		},
		{
			[]string{
				"TLS13-1-2-RFC9151-FIPS-2023-07", "TLS13-1-2-Ext0-RFC9151-FIPS-2023-07", "TLS13-1-2-RFC9151-INTEROP1-FIPS-2023-07",
				"TLS13-1-2-RFC9151-INTEROP2-FIPS-2023-07", "TLS13-1-2-RFC9151-INTEROP3-FIPS-2023-07", "TLS13-1-2-RFC9151-INTEROP4-FIPS-2023-07",
			},
			v2, append(tls13()[1:2], restricted()[2:]...),
		},
		{[]string{"TLS13-1-1-2021-06", "TLS13-1-1-FIPS-2023-04"}, v1, with(everything())},
		{[]string{"TLS13-1-0-2021-06", "TLS13-1-0-PQ-2025-09", "TLS13-1-0-FIPS-2023-04", "TLS13-1-0-FIPS-PQ-2025-09"}, v0, with(everything())},
	}
}

// old are the policies that do not.
func old() []family {
	v2, v1, v0 := []string{"TLSv1.2"}, []string{"TLSv1.1", "TLSv1.2"}, []string{"TLSv1", "TLSv1.1", "TLSv1.2"}
	return []family{
		{[]string{"2016-08"}, v0, everything()},
		{[]string{"TLS-1-1-2017-01"}, v1, everything()},
		{[]string{"TLS-1-2-Ext-2018-06"}, v2, everything()},
		{[]string{"TLS-1-2-2017-01"}, v2, append(forward(), plainRSA()...)},
		{[]string{"FS-2018-06"}, v0, forwardSHA()},
		{[]string{"FS-1-1-2019-08"}, v1, forwardSHA()},
		{[]string{"FS-1-2-2019-08"}, v2, forwardSHA()},
		{[]string{"FS-1-2-Res-2019-08"}, v2, forward()},
		{[]string{"FS-1-2-Res-2020-10"}, v2, restricted()},
	}
}
