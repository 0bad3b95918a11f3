package check

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"berth/internal/config"
)

// widest is the longest prefix that still counts as the whole internet: 16 million addresses belong to no one company.
const widest = 8

// openInClear speaks of what the internet may send in the clear. Port 80 that only sends clients to HTTPS is not meant: a
// browser comes there once.
func openInClear(in Input) []Finding {
	var out []Finding
	for _, lb := range in.Config.LoadBalancers {
		wide := slices.IndexFunc(lb.AllowCIDRs, func(p netip.Prefix) bool { return p.Bits() <= widest && !p.Addr().IsPrivate() })
		if lb.Scheme != config.External || wide < 0 || lb.TLS.Redirect {
			continue
		}
		f := Finding{
			Severity: Warning,
			Text: fmt.Sprintf("%s takes plain HTTP on port 80 from %s: passwords and cookies cross the internet in the clear",
				balancerText(lb), lb.AllowCIDRs[wide]),
			Fix: encrypt(in, lb),
		}
		if lb.TLS.On() {
			f.Text = fmt.Sprintf("%s takes plain HTTP on port 80 from %s beside HTTPS: whoever asks there crosses the internet in the clear",
				balancerText(lb), lb.AllowCIDRs[wide])
		}
		out = append(out, in.at(f, lb.Setting("redirect_http"), lb.Setting("allow_cidrs"), lb.Setting("scheme"), lb.Setting("type"), balancerSetting(lb)))
	}
	return out
}

// letsNobodyIn finds load balancers whose list of clients is empty. One inside a VPC of others has the VPC's own ranges
// instead of a list, and needs none.
func letsNobodyIn(in Input) []Finding {
	var out []Finding
	for _, lb := range in.Config.LoadBalancers {
		setting := lb.Setting("allow_cidrs")
		if len(lb.AllowCIDRs) > 0 || in.Config.Where(setting) == (config.Range{}) {
			continue
		}
		fix := "leave it out: the addresses of the VPC may then connect"
		if lb.Scheme == config.External {
			fix = "leave it out: everybody may then connect"
		}
		out = append(out, in.at(Finding{
			Severity: Warning,
			Text:     balancerText(lb) + " lets nobody connect: allow_cidrs is empty",
			Fix:      fix + "; or name the networks of your clients: allow_cidrs = [\"192.0.2.0/24\"]",
		}, setting))
	}
	return out
}

// encrypt is what turns HTTPS on, and HTTP off. The default load balancer may have no line of its own yet.
func encrypt(in Input, lb config.LoadBalancer) string {
	const line = `certificate_arn = "arn:aws:acm:REGION:123456789012:certificate/…"`
	certificate := strings.NewReplacer("arn:aws:", "arn:"+config.Partition(in.Config.Region)+":", "REGION", in.Config.Region).Replace(line)
	switch {
	case lb.TLS.On() && lb.Type == config.Classic:
		return `type = "application" in ` + balancerSetting(lb) + ": a classic load balancer cannot send clients to HTTPS"
	case lb.TLS.On():
		return "leave redirect_http out of " + balancerSetting(lb) + ": port 80 then sends clients to HTTPS"
	case in.Config.Where(balancerSetting(lb)) == (config.Range{}):
		return "with a certificate of your domain: load_balancers = { default = { " + certificate + " } }"
	default:
		return "with a certificate of your domain: " + certificate + " in " + balancerSetting(lb)
	}
}

// oldTLS finds security policies that let clients use a version of TLS that has been given up.
func oldTLS(in Input) []Finding {
	var out []Finding
	for _, lb := range in.Config.LoadBalancers {
		version := config.OldTLS(lb.TLS.Policy)
		if version == "" {
			continue
		}
		out = append(out, in.at(Finding{
			Severity: Warning,
			Text:     fmt.Sprintf("%s lets clients use TLS %s, given up in 2021: %s", balancerText(lb), version, lb.TLS.Policy),
			Fix:      "leave tls_policy out of " + balancerSetting(lb) + " for " + config.UsualPolicy(lb.Type),
		}, lb.Setting("tls_policy")))
	}
	return out
}

// balancerSetting is where the file describes a load balancer.
func balancerSetting(lb config.LoadBalancer) string { return "load_balancers." + lb.Name() }

// balancerText names a load balancer as people know it.
func balancerText(lb config.LoadBalancer) string {
	if lb.Key == "" {
		return "the default load balancer"
	}
	return "load balancer " + lb.Key
}

// noAccessLogs names the load balancers without access logs.
func noAccessLogs(in Input) []Finding {
	var names []string
	fix := `access_logs = "BUCKET"`
	for _, lb := range in.Config.LoadBalancers {
		if lb.AccessLogs.Bucket == "" {
			names = append(names, balancerText(lb))
		}
		if in.Config.Where("load_balancers") == (config.Range{}) {
			fix = `load_balancers = { default = { access_logs = "BUCKET" } }`
		}
	}
	if len(names) == 0 {
		return nil
	}
	return []Finding{in.at(Finding{
		Severity: Note,
		Text:     enumerate(names) + " " + keep(len(names)) + " no access logs: who asked for what is not on record",
		Fix:      "with a bucket of your own that Elastic Load Balancing may write to: " + fix,
	}, "load_balancers")}
}

func keep(n int) string {
	if n == 1 {
		return "keeps"
	}
	return "keep"
}
