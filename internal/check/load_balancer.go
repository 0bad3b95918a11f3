package check

import (
	"fmt"
	"net/netip"
	"slices"

	"berth/internal/config"
	"berth/internal/model"
)

// widest is the longest prefix that still counts as the whole internet: 16 million addresses belong to no one company.
const widest = 8

// openInClear is a warning although this version has no certificates: what is secret must not pass there, and who
// knows can put something in front.
func openInClear(in Input) []Finding {
	var out []Finding
	for _, lb := range in.Config.LoadBalancers {
		wide := slices.IndexFunc(lb.AllowCIDRs, func(p netip.Prefix) bool { return p.Bits() <= widest && !p.Addr().IsPrivate() })
		if lb.Scheme != config.External || wide < 0 {
			continue
		}
		name := "load_balancers." + lb.Key
		out = append(out, in.at(Finding{
			Severity: Warning,
			Text: fmt.Sprintf("%s takes plain HTTP on port 80 from %s: passwords and cookies cross the internet in the clear, and this version makes no HTTPS listener",
				balancerText(lb), lb.AllowCIDRs[wide]),
			Fix: "end TLS in front of it, at a CDN or proxy, and let only that in: " + allowOnly(lb),
		}, name+".allow_cidrs", name+".scheme", name))
	}
	return out
}

// allowOnly is the line that lets one network in. The default load balancer has no line of its own.
func allowOnly(lb config.LoadBalancer) string {
	if lb.Key == "" {
		return `load_balancers = { public = { allow_cidrs = ["192.0.2.0/24"] } }`
	}
	return `allow_cidrs = ["192.0.2.0/24"] in load_balancers.` + lb.Key
}

// balancerText names a load balancer as people know it.
func balancerText(lb config.LoadBalancer) string {
	if lb.Key == "" {
		return "the default load balancer"
	}
	return "load balancer " + lb.Key
}

// noAccessLogs tells what is missing and how to get it beside berth, which leaves these attributes alone.
func noAccessLogs(in Input) []Finding {
	var names []string
	arn := "ARN"
	for _, lb := range in.Config.LoadBalancers {
		if lb.Type != config.Application {
			continue
		}
		names = append(names, balancerText(lb))
		if known := in.Have.Handle(model.LoadBalancerKey(lb.Key)).ARN; arn == "ARN" && known != "" {
			arn = known
		}
	}
	if len(names) == 0 {
		return nil
	}
	return []Finding{{
		Severity: Note,
		Text:     "berth keeps no access logs of " + enumerate(names) + ": who asked for what is not on record, and this version cannot turn them on",
		Fix: "with a bucket of your own: aws elbv2 modify-load-balancer-attributes --region " + in.Config.Region + " --load-balancer-arn " + arn +
			" --attributes Key=access_logs.s3.enabled,Value=true Key=access_logs.s3.bucket,Value=BUCKET",
	}}
}
