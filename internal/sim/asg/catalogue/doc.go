// Package catalogue is what Auto Scaling says about itself: its processes, policies, metrics and other names, and how
// much of its quotas is used.
//
// In go calls of Auto Scaling's API; out come answers. It must never change anything.
package catalogue
