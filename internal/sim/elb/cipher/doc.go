// Package cipher is which versions of TLS and which ciphers listeners take: the security policies of load balancers of both
// generations.
//
// In go names of policies and the calls about those of classic load balancers. Out come what a predefined policy allows, and
// the classic load balancer's policies in world. It must never look at listeners of the second generation, certificates or
// targets.
package cipher
