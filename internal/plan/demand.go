package plan

import "berth/internal/model"

// Demand counts what a plan makes of the things that AWS limits by quotas.
func Demand(p Plan) map[string]int {
	out := map[string]int{}
	freed := map[model.Key]bool{}
	for _, c := range p.Changes {
		if c.Verb == Delete {
			freed[c.Key] = true
		}
	}
	for _, c := range p.Changes {
		code := QuotaOf(c.Key.Kind)
		if c.Verb == Create && code != "" && !freed[c.Key] {
			out[code]++
		}
	}
	return out
}

// QuotaOf is the code under which Service Quotas limits a kind per region, empty for kinds without a low limit.
func QuotaOf(k model.Kind) string {
	switch k {
	case model.KindVPC:
		return "L-F678F1CE"
	case model.KindInternetGateway:
		return "L-A4707A72"
	case model.KindElasticIP:
		return "L-0263D0A3"
	case model.KindLoadBalancer:
		return "L-53DA6B97"
	case model.KindClassic:
		return "L-E9E9831D"
	default:
		return ""
	}
}
