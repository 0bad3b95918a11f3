// Package route is how a listener of an application load balancer chooses the rule for a request.
//
// In go conditions as the API has them, rules, and a request. Out come checked conditions, and the first rule, by priority,
// whose conditions all hold; the default one comes last. It must never look at targets, or change anything.
package route
