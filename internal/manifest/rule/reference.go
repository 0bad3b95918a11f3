package rule

import (
	"fmt"
	"slices"
	"strings"

	"berth/internal/document"
	"berth/internal/manifest/draft"
	"berth/internal/manifest/fault"
	"berth/internal/manifest/placeholder"
)

// uses checks references where they stand: lists by themselves, target groups of the service's own behind load balancers of their own.
func (c *checker) uses() {
	own := map[string]bool{}
	balancers := c.f.Service.Get("loadBalancers").Items
	for _, r := range c.f.References {
		v := document.Value{Kind: document.Text, At: r.At}
		at := c.f.Book.Inside(v, r.String()[:len(r.String())-1])
		if r.What == placeholder.Subnets && !c.f.Whole(r.At) {
			c.Fail(at, fault.Fault{Code: fault.CodeReference, Summary: r.String() + " is a list, and stands in a longer text", Hint: `write "subnets": "` + r.String() + `"`})
		}
		if !r.Route.Own() {
			continue
		}
		i := slices.IndexFunc(balancers, func(b document.Value) bool { return b.Get("targetGroupArn").At == r.At })
		if i < 0 || !c.f.Whole(r.At) {
			c.Fail(at, fault.Fault{Code: fault.CodeReference, Summary: "a target group of the service's own stands as the whole targetGroupArn in loadBalancers", Hint: "move it there"})
			continue
		}
		target := strings.Join([]string{r.Name, draft.Text(balancers[i], "containerName"), balancers[i].Get("containerPort").Text}, " ")
		if own[target] {
			c.Fail(at, fault.Fault{
				Code: fault.CodeBalancer, Summary: fmt.Sprintf("the service has two target groups of its own for one port behind the load balancer %q", r.Name),
				Hint: "join their paths: ?path=/api/*,/v2/*",
			})
		}
		own[target] = true
	}
}
